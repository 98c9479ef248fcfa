"""What a check of a dry run returns: findings, and the figures of its summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

Facts = Mapping[str, object]
"""Values of JSON: text, whole numbers, and lists of them. Decimals are text."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that publishing does: a change, a guarantee that it breaks, a buyer who pays more.

    `is_breaking` refuses the publication of the manufacturer's list without a reason. `amount` is what it
    is worth in money.
    """

    facts: Facts
    product_id: UUID | None = None
    party_id: UUID | None = None
    is_breaking: bool = False
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings of a check, the most important first, and its figures by name.

    `count` is the number of findings if not all of them are listed.
    """

    findings: Sequence[Finding] = ()
    figures: Facts = field(default_factory=dict)
    count: int | None = None

    @property
    def total(self) -> int:
        return len(self.findings) if self.count is None else self.count

    @property
    def breaking(self) -> int:
        return sum(one.is_breaking for one in self.findings)
