"""What a person is warned of before signing, and before submitting: dates, and changes of the proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.domain.life import SigningWarning, signing_warnings
from alliance.models import Contract


@dataclass(frozen=True, slots=True)
class WarningRow:
    """A warning, with the changes since the proposal if it is about them."""

    text: str
    changes: tuple[dict[str, Any], ...] = ()


def warnings_of(contract: Contract, changes: Sequence[dict[str, Any]]) -> list[WarningRow]:
    """Return the warnings about a contract that is drafted or to be signed; [] once it is signed.

    `changes` are those since the text was first proposed.
    """
    if contract.state not in (Contract.State.DRAFT, Contract.State.SUBMITTED):
        return []
    found = signing_warnings(
        starts_on=contract.starts_on,
        until=contract.until,
        today=timezone.localdate(),
        differs=bool(changes),
    )
    days = {
        "first": date_format(contract.starts_on, "SHORT_DATE_FORMAT"),
        "last": date_format(contract.until - timedelta(days=1), "SHORT_DATE_FORMAT"),
    }
    texts = {
        SigningWarning.BEGINS_IN_PAST: _(
            "This contract begins in the past, on %(first)s: what it guarantees counts from that day."
        ),
        SigningWarning.ENDED_ALREADY: _(
            "This contract ended already, on %(last)s: nothing would be in force."
        ),
        SigningWarning.ENDS_SOON: _("This contract ends soon, on %(last)s."),
        SigningWarning.DIFFERS: _("The text differs from what was first proposed to the three:"),
    }
    return [
        WarningRow(texts[one] % days, tuple(changes) if one == SigningWarning.DIFFERS else ())
        for one in found
    ]
