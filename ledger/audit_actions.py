"""Audit actions of the ledger."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BookAction(TextChoices):
    RECEIVE_PAYMENT = "book.receive_payment", _("payment received")
    RECEIVE_DEPOSIT = "book.receive_deposit", _("deposit received")
    SET_CREDIT = "book.set_credit", _("credit set")


class JournalAction(TextChoices):
    REVERSE = "journal.reverse", _("posting reversed")
