"""Explain a statement as JSON: the calculation of rules.md, rebate, with its figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kernel.money import ZERO, cents
from rebates.domain.tiers import Program, Tier, next_tier, rate_at
from rebates.operations.late_adjustments import Late


def reasons(
    rule: Program,
    *,
    before: Decimal,
    settled: Decimal,
    base: Decimal,
    earned: Decimal,
    late: Sequence[Late] = (),
) -> dict[str, Any]:
    """Return the reasons of a statement; `parts` are as in `_parts`, and due = earned − settled.

    `carried` are the late adjustments for earlier periods. They are part of the cumulative base; if each
    settlement starts anew, their own due is added to this statement's.
    """
    into_base = sum((one.base for one in late if one.rule is None), ZERO)
    cumulative = before + base + into_base
    due = earned - settled
    following = next_tier(rule, cumulative)
    why: dict[str, Any] = {
        "cumulative_before": str(before),
        "settled_before": str(settled),
        "rate": str(rate_at(rule, cumulative)),
        "parts": _parts(rule, cumulative),
        "sum": f"{before} + {base} = {cumulative}; {earned} − {settled} = {due}",
    }
    if late:
        why["carried"] = [one.why() for one in late]
    if into_base:
        why["sum"] = f"{before} + {base} + {into_base} = {cumulative}; {earned} − {settled} = {due}"
    if carried := sum((one.due for one in late), ZERO):
        why["sum"] += f"; {due} + {carried} = {due + carried}"
    if rule.cap is not None and earned == cents(rule.cap):
        why["capped_at"] = str(rule.cap)
    if following is not None:
        why["next_from"] = str(following.from_)
        why["next_rate"] = str(following.rate)
        why["missing"] = str(following.from_ - cumulative)
    return why


def _parts(rule: Program, cumulative: Decimal) -> list[list[str]]:
    """Return [from, amount, rate] of each part that earned: one if retroactive, otherwise one per tier."""
    reached: list[Tier] = [tier for tier in rule.tiers if cumulative >= tier.from_] if cumulative > 0 else []
    if not reached:
        return []
    if not rule.incremental:
        return [[str(reached[-1].from_), str(cumulative), str(reached[-1].rate)]]
    parts, top = [], cumulative
    for tier in reversed(reached):
        if top > tier.from_ or top == ZERO:
            parts.append([str(tier.from_), str(top - tier.from_), str(tier.rate)])
        top = tier.from_
    return parts[::-1]
