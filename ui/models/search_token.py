"""The model of a search token."""

from __future__ import annotations

from django.db import models

from tenancy.models.base import TenantModel


class SearchToken(TenantModel):
    """A text whose beginning finds an object: from its code, its name, its pinyin or its initials.

    With row security an index serves only leakproof operators. LIKE is not one, but the comparison of
    texts is, and in the collation "C" a range is a prefix. The id begins with the first ten bytes of the
    object's id, so that the primary key finds all tokens of an object.
    """

    noun = models.CharField(max_length=12)
    token = models.CharField(max_length=60, db_collation="C")
    object_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "noun", "token", "object_id"], name="search_by_token")]

    def __str__(self) -> str:
        return f"{self.noun} {self.token}"
