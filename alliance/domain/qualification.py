"""The qualification of an applicant: the steps of its application, a checklist, and scores from 0 to 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import exact, figure

RECEIVED, REVIEWING, QUESTIONED = "received", "reviewing", "questioned"
ACCEPTED, REFUSED = "accepted", "refused"
OPEN = (RECEIVED, REVIEWING, QUESTIONED)
STEPS: Mapping[str, tuple[str, ...]] = {
    RECEIVED: (REVIEWING, QUESTIONED, ACCEPTED, REFUSED),
    REVIEWING: (QUESTIONED, ACCEPTED, REFUSED),
    QUESTIONED: (REVIEWING, ACCEPTED, REFUSED),
    ACCEPTED: (),
    REFUSED: (),
}
CHECKS = ("licence", "credit_record", "site", "vehicles", "channels", "no_conflict")
MAX_POINTS = 5
# The weight of each criterion of the score, in hundredths.
CRITERIA: Mapping[str, int] = {"coverage": 30, "logistics": 20, "people": 15, "funds": 20, "cooperation": 15}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the checklist is: items that are met, not met, and not checked yet."""

    met: int
    unmet: int
    unchecked: int

    @property
    def is_complete(self) -> bool:
        return not self.unmet and not self.unchecked


def may_become(state: str, wanted: str) -> bool:
    """Return whether an application in a state may step to another one."""
    return wanted in STEPS.get(state, ())


def progress(checklist: Mapping[str, bool]) -> Progress:
    """Return how far a checklist is; an item that is absent is not checked yet."""
    met = sum(checklist.get(item) is True for item in CHECKS)
    unmet = sum(checklist.get(item) is False for item in CHECKS)
    return Progress(met, unmet, len(CHECKS) - met - unmet)


@exact
def score(points: Mapping[str, int]) -> Decimal | None:
    """Return the weighted score from 0 to 100, to 1 place; None until each criterion has its points."""
    if any(name not in points for name in CRITERIA):
        return None
    total = sum(weight * points[name] for name, weight in CRITERIA.items())
    return figure(Decimal(total) / MAX_POINTS, 1)
