"""The numbers of a contract's clauses, which other rooms cite: “C-0007/3.2”.

A clause keeps its number as long as it exists, in later versions too: a citation never moves to another
clause. A new clause gets the number after the highest of its chapter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import IntEnum

MAX_CLAUSES = 9999
_CITATION = re.compile(r"^\s*(?P<code>\S+?)(?:\s*[vV](?P<version>\d{1,4}))?\s*/\s*(?P<number>\d[\d.]*)\s*$")


class Chapter(IntEnum):
    """The chapters of a contract, in their order."""

    PARTIES = 1
    REGION = 2
    SPREAD = 3
    SERVICE = 4
    TERM = 5
    RESPONSIBILITIES = 6
    KPIS = 7
    PORTFOLIO = 8
    OTHER = 9


CHAPTER_OF_KIND = {
    "region": Chapter.REGION,
    "spread": Chapter.SPREAD,
    "service": Chapter.SERVICE,
    "term": Chapter.TERM,
}
# 2.1 grants the regions, 4.1 promises the delivery, and 5.1 the notice, which are fields of the contract.
FIRST = {Chapter.REGION: 2, Chapter.SERVICE: 2, Chapter.TERM: 2}


def number_clauses(chapter: Chapter, given: Sequence[str], taken: Collection[str] = ()) -> list[str]:
    """Return a number for each clause of a chapter; `given` are their numbers so far, "" for a new one.

    A given number is used if it belongs to the chapter and is neither in `taken` nor repeated.
    """
    used = {at for number in taken if (at := _place(chapter, number))}
    places: list[int] = []
    for number in given:
        at = _place(chapter, number)
        at = 0 if at in used or at < FIRST.get(chapter, 1) else at
        places.append(at)
        used.add(at)
    highest = max(used, default=0)
    found = []
    for place in places:
        if not place:
            highest = max(highest + 1, FIRST.get(chapter, 1))
        found.append(f"{chapter:d}.{place or highest}")
    return found


def order_of(number: str) -> tuple[int, ...]:
    """Return the key that sorts "3.10" after "3.9"."""
    return tuple(int(digits) for digits in re.findall(r"\d+", number))


def read_citation(citation: str) -> tuple[str, int | None, str] | None:
    """Return (code, version, number) of “C-0007/3.2” or “C-0007 v2/3.2”; None for any other text."""
    found = _CITATION.match(citation)
    if found is None:
        return None
    version = int(found["version"]) if found["version"] else None
    return found["code"], version, found["number"].rstrip(".")


def cite(code: str, number: str) -> str:
    """Return the citation of a clause: “C-0007/3.2”."""
    return f"{code}/{number}"


def _place(chapter: Chapter, number: str) -> int:
    """Return the place of a number within the chapter; 0 if it does not belong to it."""
    found = re.fullmatch(rf"{chapter:d}\.(\d{{1,4}})", number)
    return int(found[1]) if found else 0
