from __future__ import annotations

from django.db import models

from tenancy.models.base import TenantModel


class SearchToken(TenantModel):
    """A beginning by which an object is found: of its code, its name, its pinyin, its initials.

    Row security lets an index serve leakproof operators only, which LIKE is not; equality and
    order of text are, and in the collation "C" a range is a prefix. The id begins with the
    object's first ten bytes, so that the primary key finds all tokens of an object.
    """

    noun = models.CharField(max_length=12)
    token = models.CharField(max_length=60, db_collation="C")
    object_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "noun", "token", "object_id"], name="search_by_token")]

    def __str__(self) -> str:
        return f"{self.noun} {self.token}"
