"""Open matters of a contract, as rows with a figure and the page that lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from ui.queries.open_matters import OpenMatter
from ui.web.numbers import grouped, number


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One open matter, ready to show."""

    label: str
    icon: str
    count: str
    amount: str
    url: str


def matter_rows(matters: Iterable[OpenMatter]) -> list[MatterRow]:
    """Return the rows of open matters; a page that does not exist gives no link."""
    return [
        MatterRow(
            label=str(one.label),
            icon=one.icon,
            count=number(one.count) if one.count else "",
            amount=grouped(one.amount, 2) if one.amount is not None else "",
            url=_url(one),
        )
        for one in matters
    ]


def _url(matter: OpenMatter) -> str:
    if not matter.page:
        return ""
    try:
        path = reverse(matter.page, kwargs=dict(matter.arguments))
    except NoReverseMatch:
        return ""
    return f"{path}?{matter.query}" if matter.query else path
