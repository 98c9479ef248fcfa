"""The outside number (`source`) of a document, by which a repeated request is recognised.

The same source with the same content answers the first document; with other content it is a conflict that
names each value that differs. Contents are compared as they were read, not as they were spelled.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from unicodedata import category, normalize

from kernel.refusals import Refusal

Values = Mapping[str, object]
Difference = dict[str, object]


class SourceConflict(Refusal):
    """The source belongs to a document with other content; `differs` gives both values of each field."""

    code = "source_conflict"


def differing_values(booked: Values, requested: Values) -> list[Difference]:
    """Return {"field", "booked", "requested"} of each requested field whose value differs."""
    return [
        {"field": field, "booked": booked.get(field), "requested": value}
        for field, value in requested.items()
        if booked.get(field) != value
    ]


def differing_lines(
    booked: Sequence[tuple[str, Values]], requested: Sequence[tuple[str, Values]]
) -> list[Difference]:
    """Return what differs between the lines (key, values) of two documents, in whatever order they stand.

    `line` is the key. `field` is the path in the request: lines[1].qty for another quantity, lines[1] for a
    line that the booked document lacks, and "lines" for one that only the booked document has.
    """
    left, differences = list(booked), []
    for place, (key, values) in enumerate(requested):
        same = [one for one in left if one[0] == key]
        known = next((one for one in same if one[1] == values), same[0] if same else None)
        if known is None:
            differences.append(_difference(f"lines[{place}]", key, None, values))
            continue
        left.remove(known)
        for one in differing_values(known[1], values):
            differences.append(
                _difference(f"lines[{place}].{one['field']}", key, one["booked"], one["requested"])
            )
    return [*differences, *(_difference("lines", key, values, None) for key, values in left)]


def _difference(field: str, line: str, booked: object, requested: object) -> Difference:
    return {"field": field, "line": line, "booked": booked, "requested": requested}


def as_booked(key: str, booked: Collection[str], known: Collection[str]) -> str:
    """Return a requested code as the booked document spells it.

    A code that is `known` as it stands (of a product of the catalogue) means that one, and no other
    spelling of it.
    """
    if key in known:
        return key
    same = [one for one in booked if folded_code(one) == folded_code(key)]
    return same[0] if len(same) == 1 else key


def folded_code(code: str) -> str:
    """Return a code without what people spell differently: case, width, dashes, invisible characters."""
    plain = normalize("NFKC", code).casefold()
    return "".join("-" if category(one) == "Pd" else one for one in plain if category(one) != "Cf").strip()
