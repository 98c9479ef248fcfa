"""Names of the tenant's own nouns in both languages: the stored name is Chinese, `name_en` English."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class BilingualName(models.Model):
    """A noun with a `name` and an English one, which may be blank."""

    name_en = models.CharField(_("English name"), max_length=100, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return local_name(self)


def local_name(obj: Any) -> str:
    """Return the English name of an object to an English reader, otherwise its name; "" for None."""
    return "" if obj is None else in_language(obj.name, obj.name_en)


def in_language(name: str, english: str) -> str:
    """Return `english` to an English reader, unless it is blank."""
    return english if english and (get_language() or "").startswith("en") else name
