"""Amounts that raise the credit limit of a book for a time."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.models.book import Book, OfBookQuerySet
from tenancy.models import TenantForeignKey, TenantManager, TenantModel


class TemporaryCredit(TenantModel):
    """An amount on top of the credit limit in `[starts_on, until)`; `ended_at` is an early end.

    `is_announced` once the orders on credit hold were checked again because it began.
    """

    book = TenantForeignKey(Book, related_name="temporary_credits", verbose_name=_("book"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)
    granted_by = models.CharField(_("granted by"), max_length=200, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    is_announced = models.BooleanField(_("announced"), default=False, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfBookQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("temporary credit")
        verbose_name_plural = _("temporary credits")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="temporary_credit_amount"),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("starts_on")), name="temporary_credit_period"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "book", "until"], name="temporary_credit_by_book")]

    def __str__(self) -> str:
        return f"{self.book} + {self.amount}"
