"""The worked examples: each answer holds at least what the example says, to the last digit."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulations.operations.simulate import KINDS, answer_all

GOLDEN = Path(__file__).parents[2] / "golden"
EXAMPLES = [
    pytest.param(kind, example, id=f"{kind}: {example['name']}")
    for kind in KINDS
    for example in json.loads((GOLDEN / f"{kind}.json").read_text(encoding="utf-8"))
]


def holds(answer: Any, example: Any) -> bool:
    """Whether the answer is the example, apart from extra keys."""
    if isinstance(example, dict):
        return isinstance(answer, dict) and all(
            key in answer and holds(answer[key], value) for key, value in example.items()
        )
    if isinstance(example, list):
        return isinstance(answer, list) and len(answer) == len(example) and all(map(holds, answer, example))
    return type(answer) is type(example) and bool(answer == example)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_the_worked_example_comes_out(kind: str, example: dict[str, Any]) -> None:
    answer, ok = answer_all(kind, example["case"])
    assert holds(answer, example["answer"]), json.dumps(answer, ensure_ascii=False, indent=1)
    assert ok is ("error" not in example["answer"])
