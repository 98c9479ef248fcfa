from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import TenantManager, TenantModel, TenantQuerySet


class NoticeQuerySet(TenantQuerySet):
    def visible_to(self, actor: Any) -> NoticeQuerySet:
        return self.all() if actor.may("notice.view") else self.none()


class Notice(TenantModel):
    title = models.CharField(_("title"), max_length=100)
    posted_at = models.DateTimeField(_("posted at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(NoticeQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["tenant", "-posted_at"], name="notice_newest")]

    def __str__(self) -> str:
        return self.title
