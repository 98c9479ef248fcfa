"""Read and write available-to-promise cases as JSON; the shape is in rules.md, stock."""

from collections.abc import Sequence
from typing import Any

from kernel.cases import Case, count, day, integer
from ordering.domain.stock import Available, Movement, StockRequest

Json = dict[str, Any]


def read(value: object, path: str = "") -> StockRequest:
    """Return the request of a JSON case. Raises InvalidCase."""
    with Case(value, path) as case:
        return StockRequest(
            on_hand=case.need("on_hand", count),
            safety=case.need("safety", count),
            quarantine=case.need("quarantine", count),
            hard=case.need("hard", count),
            soft=case.need("soft", count),
            future=tuple(case.some("future", _movement)),
        )


def _movement(value: object, path: str) -> Movement:
    with Case(value, path) as movement:
        return Movement(day=movement.need("date", day), qty=movement.need("qty", integer))


def write(request: StockRequest, answer: Sequence[Available]) -> Json:
    """Return the answer as JSON, with the day whose stock limits the promise now."""
    now = answer[0]
    decisive = min(answer, key=lambda known: known.raw)
    return {
        "available": [
            {
                "date": known.day.isoformat() if known.day else "now",
                "raw": known.raw,
                "promise": known.promise,
            }
            for known in answer
        ],
        "explanation": {
            "promise": now.promise,
            "held_down_by": decisive.day.isoformat() if decisive.day else "now",
        },
    }
