"""The bar of a program's steps, for a statement and for the current period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from rebates.web.measures import base_text, rate_text, step_text
from ui.web.components import Mark, Steps, hundredths


def program_steps(tiers: Sequence[Mapping[str, Any]], base: Decimal, measure: str) -> Steps | None:
    """Return the progress of a base on tiers as in rules.md, rebate; None without tiers."""
    if not tiers:
        return None
    starts = [Decimal(str(tier["from"])) for tier in tiers]
    following = next((at for at, start in enumerate(starts) if start > base), None)
    title = _("The highest step is reached")
    if following is not None:
        title = _("%(missing)s more to %(rate)s") % {
            "missing": base_text(starts[following] - base, measure),
            "rate": rate_text(tiers[following]["rate"], measure),
        }
    end = max(starts[-1] * Decimal("1.15"), base)
    marks = [
        Mark(
            at=hundredths(start, end),
            label=step_text(start, measure),
            gives=rate_text(tier["rate"], measure),
            next=at == following,
        )
        for at, (start, tier) in enumerate(zip(starts, tiers, strict=True))
    ]
    return Steps(title, base_text(base, measure), hundredths(base, end), marks)
