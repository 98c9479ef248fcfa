"""The model of saved views: the filters of a list under a name."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import TenantManager, TenantModel, TenantQuerySet


class SavedViewQuerySet(TenantQuerySet):
    def visible_to(self, actor: Any) -> SavedViewQuerySet:
        """Return the actor's own views, and those that colleagues of the same company share."""
        if actor.user_id is None or actor.party_id is None:
            return self.none()
        return self.filter(Q(person_id=actor.user_id) | Q(is_shared=True), party_id=actor.party_id)


class SavedView(TenantModel):
    """What a person chose on a list: filters, search, sort order and columns, as the URL's query.

    It belongs to the company that the person acts for; nobody of another company reads a shared one.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    party_id = models.UUIDField()
    list_name = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=2000)
    is_shared = models.BooleanField(_("shared"), default=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(SavedViewQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "party_id", "list_name", "person", "name"], name="saved_view_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
