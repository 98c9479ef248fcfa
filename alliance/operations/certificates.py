"""The certificate of an authorisation as PDF: Chinese and English on one page, with a QR code to check it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import segno
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from alliance.models import Authorisation
from ui.operations.typesetting import typeset
from ui.web.joined_lists import join_list

TEMPLATE = "certificate.typ"
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def certificate_pdf(authorisation: Authorisation, *, issuer: str, address: str) -> bytes:
    """Return the PDF; `address` is the URL of the verification page."""
    sides = {}
    for side, language in LANGUAGES.items():
        with translation.override(language):
            sides[side] = _side(authorisation, issuer)
    data = {
        "lang": "zh",
        "issuer": issuer,
        "number": authorisation.number,
        "address": address,
        "qr": segno.make(address, error="m").svg_inline(scale=4, border=0),
        **sides,
    }
    return typeset(TEMPLATE, data)


def _side(authorisation: Authorisation, issuer: str) -> dict[str, Any]:
    last = authorisation.until - timedelta(days=1)
    sentence = _("%(issuer)s hereby authorises the company named below to sell its products as follows.")
    rows = [
        (_("Authorised company"), authorisation.party_name),
        (_("Unified social credit code"), authorisation.party_uscc or "—"),
        (_("Authorised regions"), join_list(one["name"] for one in authorisation.regions)),
        (_("Authorised categories"), join_list(one["name"] for one in authorisation.categories)),
        (_("Term"), f"{_day(authorisation.starts_on)} – {_day(last)}"),
    ]
    return {
        "title": _("Certificate of authorisation"),
        "sentence": sentence % {"issuer": issuer},
        "rows": [[str(label), value] for label, value in rows],
        "check": _("Scan the code to check whether this certificate is valid."),
        "day": _("Issued on %(day)s") % {"day": _day(localtime(authorisation.issued_at).date())},
    }


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
