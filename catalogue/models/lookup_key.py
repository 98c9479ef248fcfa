"""A column with the one spelling of another, by which typed text finds the row."""

from __future__ import annotations

from typing import Any

from django.db import models

from kernel.spelling import name_key


class LookupKey(models.CharField):
    """The spelling key of the field `source`, computed whenever the row is saved or created in bulk."""

    def __init__(self, verbose_name: Any = None, *, source: str = "", **options: Any) -> None:
        self.source = source
        options |= {"editable": False, "blank": True, "default": ""}
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> Any:
        """Return a plain CharField: a migration imports no code of the application."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = name_key(getattr(model_instance, self.source))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key
