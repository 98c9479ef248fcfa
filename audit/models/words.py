"""The audit trail in words: what was done, and to what kind of thing."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

DEEDS = {
    "activate_program": _("activated"),
    "activated": _("activated"),
    "added": _("added"),
    "approve": _("approved"),
    "areas set": _("regions set"),
    "cancel": _("cancelled"),
    "changed": _("changed"),
    "confirm": _("confirmed"),
    "declined": _("declined"),
    "deleted": _("deleted"),
    "deliver": _("delivered"),
    "end_program": _("ended"),
    "ended": _("ended"),
    "granted": _("granted"),
    "issued": _("issued"),
    "next version drafted": _("next version drafted"),
    "place": _("placed"),
    "priced": _("priced"),
    "published": _("published"),
    "receive_deposit": _("deposit received"),
    "receive_payment": _("payment received"),
    "release": _("released"),
    "reopened": _("taken back to draft"),
    "replaced": _("replaced by the next version"),
    "reserve": _("reserved"),
    "reverse": _("reversed"),
    "revoked": _("revoked"),
    "set": _("set"),
    "set_credit": _("credit set"),
    "ship": _("shipped"),
    "signed": _("signed"),
    "spreads set": _("spreads set"),
    "stock": _("stock reported"),
    "submitted": _("submitted"),
    "take_back": _("taken back"),
    "withdrawn": _("withdrawn"),
}
OF_ROOM = {
    "order": "ordering.order",
    "shipment": "ordering.shipment",
    "return": "ordering.return",
    "book": "ledger.book",
}


def deed_in_words(deed: str) -> str:
    return str(DEEDS.get(deed, deed))


def noun_in_words(noun: str) -> str:
    """What a thing is called: most nouns of the trail are the labels of models."""
    try:
        return str(apps.get_model(OF_ROOM.get(noun, noun))._meta.verbose_name)
    except (LookupError, ValueError):
        return noun
