"""The actions that rebates record in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProgramAction(TextChoices):
    ACTIVATE = "program.activate", _("program activated")
    END = "program.end", _("program ended")


class SettlementAction(TextChoices):
    REQUEST = "settlement.request", _("settlement started")


class GuaranteeAction(TextChoices):
    REQUEST_BOOKING = "guarantee.request_booking", _("booking of guarantees started")
    BOOK = "guarantee.book", _("guarantees booked")


class PriceDropAction(TextChoices):
    SET_POLICY = "price_drop.set_policy", _("price-drop policy set")
    NOTE = "price_drop.note", _("published prices noted for compensation")
    REQUEST = "price_drop.request", _("price-drop compensation started")
    COMPUTE = "price_drop.compute", _("price-drop claims computed")
    REPLY = "price_drop.reply", _("reply to a price-drop claim")
    SILENT = "price_drop.silent", _("price-drop claim accepted without a reply")
    EXPLAIN = "price_drop.explain", _("units without a receipt explained")
    REFUSE = "price_drop.refuse", _("price-drop claim refused")
    POST = "price_drop.post", _("price-drop claim posted")
