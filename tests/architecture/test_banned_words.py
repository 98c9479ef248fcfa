"""No identifier of the production code has a word that the vocabulary bans.

What is left from before is counted in banned_words_left.txt. The counts may only fall.
"""

from __future__ import annotations

import pytest

from tests.architecture.banned_words import banned_by_file, banned_in, is_banned, stored_counts

COMMAND = "python -m tests.architecture.banned_words"


def test_no_file_has_another_number_of_banned_identifiers_than_is_stored() -> None:
    found, allowed = banned_by_file(), stored_counts()
    complaints = []
    for path in sorted(found.keys() | allowed.keys()):
        banned, limit = found.get(path, []), allowed.get(path, 0)
        if len(banned) > limit:
            names = ", ".join(f"{name} (line {line})" for line, name in banned)
            complaints.append(f"{path}: {len(banned)} banned identifiers, {limit} allowed: {names}")
        elif len(banned) < limit:
            complaints.append(f"{path}: {len(banned)} left, {limit} stored; lower the number: {COMMAND}")
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    "source",
    [
        "def tell(): told = 1",
        "def what_was_asked(): ...",
        "class SeenForm: ...",
        "def show(kept_rows): ...",
        "order.shown",
        "call(whole=True)",
        "MOST_LINES = 1",
        "LONGEST_NAME = 1",
        "from ui.web import deeds",
        "import config.doors",
        "import numpy as most",
        "match x:\n    case Point(walls=0): ...",
        "try: ...\nexcept KeyError as said: ...",
    ],
)
def test_a_banned_word_is_found_in_every_kind_of_name(source: str) -> None:
    assert banned_in(source)


@pytest.mark.parametrize(
    "name", ["almost", "seller", "MAX_LINES", "longest_first", "wholesale", "most_common", "door"]
)
def test_other_names_are_free(name: str) -> None:
    assert not is_banned(name)
