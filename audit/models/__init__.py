from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.words import deed_in_words, noun_in_words
from tenancy.models import TenantModel


class Trace(TenantModel):
    """One deed: who did what to which thing. Partitioned by month; append-only."""

    at = models.DateTimeField(_("at"))
    user = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.DO_NOTHING, db_constraint=False,
        db_index=False, related_name="+", verbose_name=_("person"),
    )  # fmt: skip
    party_id = models.UUIDField(_("acted for"), null=True)
    actor = models.CharField(_("actor"), max_length=200, blank=True)
    deed = models.CharField(_("deed"), max_length=60)
    noun = models.CharField(_("noun"), max_length=60)
    noun_id = models.CharField(_("its id"), max_length=60)
    facts = models.JSONField(_("facts"), default=dict)

    class Meta(TenantModel.Meta):
        verbose_name = _("trace")
        verbose_name_plural = _("audit trail")
        indexes = [models.Index(fields=["tenant", "noun", "noun_id", "at"], name="trace_of_noun")]

    def __str__(self) -> str:
        return f"{deed_in_words(self.deed)} · {noun_in_words(self.noun)}"
