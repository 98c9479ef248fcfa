"""Audit actions of the ledger."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BookAction(TextChoices):
    RECEIVE_PAYMENT = "book.receive_payment", _("payment received")
    RECEIVE_PREPAYMENT = "book.receive_prepayment", _("prepayment received")
    USE_PREPAYMENT = "book.use_prepayment", _("prepayment used")
    REFUND_PREPAYMENT = "book.refund_prepayment", _("prepayment refunded")
    RECEIVE_SECURITY_DEPOSIT = "book.receive_security_deposit", _("security deposit received")
    REFUND_SECURITY_DEPOSIT = "book.refund_security_deposit", _("security deposit refunded")
    FORFEIT_SECURITY_DEPOSIT = "book.forfeit_security_deposit", _("security deposit forfeited")
    SET_CREDIT = "book.set_credit", _("credit set")
    GRANT_TEMPORARY_CREDIT = "book.grant_temporary_credit", _("temporary credit granted")
    END_TEMPORARY_CREDIT = "book.end_temporary_credit", _("temporary credit ended")


class JournalAction(TextChoices):
    REVERSE = "journal.reverse", _("posting reversed")
