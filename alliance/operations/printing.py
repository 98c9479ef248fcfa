"""The PDF of a contract: its text, hash and signatures, with a QR code to the public verification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import ROLE_NAMES
from alliance.domain.contract_print import Labels, Section, sections_of
from alliance.domain.verification import verification_code
from alliance.models import Contract, Signature
from alliance.models.guarantee import GuaranteeKind
from alliance.models.terms import ContractRole, Link, Metric, ProofKind, Rhythm, Window
from alliance.operations.contract_text import PARTIES, text_of
from alliance.operations.printed_labels import HEADINGS, NAMES
from tenancy.context import active_tenant_id
from ui.operations.typesetting import typeset

TEMPLATE = "contract.typ"
CODED = (GuaranteeKind, ContractRole, Link, Metric, ProofKind, Rhythm, Window)
METHODS = {"click": gettext_lazy("signed in the platform")}


@dataclass(frozen=True, slots=True)
class PrintedContract:
    """A PDF and the name of its file."""

    name: str
    content: bytes


def print_contract(contract: Contract, *, language: str, base_url: str = "") -> PrintedContract:
    """Return the PDF of a contract's text in a language (zh-hans, zh-hant or en).

    A draft is printed without a hash. `base_url` is the site's address in the QR code; by default PUBLIC_URL.
    """
    with translation.override(language):
        content = typeset(TEMPLATE, _data(contract, base_url or settings.PUBLIC_URL))
    return PrintedContract(f"{contract.code}-v{contract.version}.pdf", content)


def verification_path(contract: Contract) -> str:
    """Return the path of the public page that verifies this contract's text."""
    code = verification_code(active_tenant_id(), contract.digest)
    return reverse("contract-verify", args=[code])


def _data(contract: Contract, base_url: str) -> dict[str, Any]:
    text = contract.text or text_of(contract)
    address = f"{base_url.rstrip('/')}{verification_path(contract)}" if contract.digest else ""
    return {
        "lang": (translation.get_language() or "zh").split("-")[0],
        "title": _("Tri-party alliance contract"),
        "number": f"{_('Contract No.')} {text['code']}-{text['version']}",
        "note": "" if contract.digest else _("Draft: not submitted for signature"),
        "sections": [_plain(one) for one in sections_of(text, _labels())],
        "signatures_title": _("Signatures"),
        "signatures": _signatures(contract),
        "hash_title": _("SHA-256 of the text"),
        "hash": contract.digest,
        "qr": segno.make(address, error="m").svg_inline(scale=4, border=0) if address else "",
        "check": _("Scan to check that three parties signed the text with this hash."),
        "address": address,
        "page": _("Page"),
    }


def _plain(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "paragraphs": list(section.paragraphs),
        "heads": list(section.heads),
        "rows": [list(row) for row in section.rows],
    }


def _labels() -> Labels:
    codes = {role: str(name) for role, name in ROLE_NAMES.items()}
    codes |= {str(one.value): str(one.label) for choices in CODED for one in choices}
    return Labels(
        headings={key: str(label) for key, label in HEADINGS.items()},
        names={key: str(label) for key, label in NAMES.items()},
        codes=codes,
        yes=_("yes"),
        no=_("no"),
        term=_("From %(first)s to %(last)s, both days included."),
        delivery=_(
            "Goods are delivered within %(hours)s hours of the order; for each late delivery %(fee)s is owed"
            " to the member."
        ),
        no_delivery=_("No delivery time is promised."),
        none=_("Nothing is agreed."),
        advice=_(
            "The guaranteed spread is the advised resale price less the price the member pays, for one unit."
            " Advised prices are not binding: the member sets its own resale prices."
        ),
        day=_day,
    )


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def _signatures(contract: Contract) -> list[dict[str, str]]:
    """Return a box for each of the three: who signed, when and how; no address, which is for disputes."""
    rows: Sequence[Signature] = (
        Signature.objects.filter(contract=contract, digest=contract.digest).select_related("user")
        if contract.digest
        else ()
    )
    signed = {row.party_id: row for row in rows}
    boxes = []
    for role in PARTIES:
        party = getattr(contract, role)
        row = signed.get(party.id)
        how = ""
        if row is not None:
            how = str(METHODS.get(row.method, row.method))
            how = f"{how} {row.certificate}".strip()
        boxes.append(
            {
                "role": str(NAMES[role]),
                "party": party.name,
                "who": f"{_('Signatory')} {row.user if row and row.user else '＿＿＿＿＿＿'}",
                "when": f"{_('Signed at')} {_moment(row.at)}" if row else _("not signed yet"),
                "how": how,
                "seal": _("Seal"),
            }
        )
    return boxes
