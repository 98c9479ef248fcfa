"""Ideas for new products from dealers and members, with votes and the manufacturer's answer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from catalogue.models import Category, Product
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class IdeaQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> IdeaQuerySet:
        """Return all ideas to everyone with the right: partners vote on each other's."""
        return self.all() if actor.may("idea.view") else self.none()


class Idea(TenantModel):
    """An idea for a new product; once taken up, `product` is the one in development."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        TAKEN_UP = "taken_up", _("taken up")
        DECLINED = "declined", _("declined")

    party = TenantForeignKey(Party, related_name="ideas", verbose_name=_("party"))
    title = models.CharField(_("title"), max_length=100)
    text = models.CharField(_("description"), max_length=1000)
    category = TenantForeignKey(Category, null=True, blank=True, verbose_name=_("category"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    product = TenantForeignKey(
        Product, null=True, blank=True, related_name="ideas", verbose_name=_("product")
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    submitted_by = models.CharField(_("submitted by"), max_length=200)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(IdeaQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        constraints = [models.UniqueConstraint(fields=["tenant", "party", "title"], name="idea_once")]

    def __str__(self) -> str:
        return self.title


class IdeaVote(TenantModel):
    """The vote of a party for an idea, one for each party."""

    idea = TenantForeignKey(Idea, models.CASCADE, related_name="votes", verbose_name=_("idea"))
    party = TenantForeignKey(Party, related_name="+", verbose_name=_("party"))
    at = models.DateTimeField(_("at"))

    class Meta(TenantModel.Meta):
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(fields=["tenant", "idea", "party"], name="idea_vote_once")]

    def __str__(self) -> str:
        return f"{self.idea} {self.party}"
