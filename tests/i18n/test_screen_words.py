"""No screen says a word that the glossary has replaced: in the catalogue and in the templates."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from i18n.catalogues import ROOT, known
from tests.i18n.banned_screen_words import CHINESE, CHINESE_LABELS, ENGLISH, ENGLISH_LABELS


def texts(of: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (of,) if isinstance(of, str) else tuple(of)


def faults(chinese: str = "", english: str = "") -> Iterator[str]:
    """Yield a line for each banned word of a message."""
    for word, instead in CHINESE.items():
        if word in chinese:
            yield f"“{chinese}” says {word}: {instead}"
    if chinese in CHINESE_LABELS:
        yield f"“{chinese}”: {CHINESE_LABELS[chinese]}"
    for word, instead in ENGLISH.items():
        if word in english.lower():
            yield f"“{english}” says {word}: {instead}"
    if english in ENGLISH_LABELS:
        yield f"“{english}”: {ENGLISH_LABELS[english]}"


def test_no_message_says_a_banned_word() -> None:
    found = []
    for message in known("zh_Hans"):
        if message.id:
            found += [fault for text in texts(message.string) for fault in faults(chinese=text)]
            found += [fault for text in texts(message.id) for fault in faults(english=text)]
    assert found == []


def test_no_template_and_no_script_says_a_banned_word() -> None:
    files = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("static/js/**/*.js")]
    assert len(files) > 100
    found = [
        f"{file.relative_to(ROOT)}: {word}"
        for file in files
        for word in CHINESE
        if word != "¥%" and word in file.read_text("utf-8")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("违约 3 次", ""),
        ("送审 2 行", ""),
        ("经过", ""),
        ("", "Region of its own"),
        ("", "Over"),
        ("满 ¥%(from)s 减", ""),
    ],
)
def test_a_banned_word_is_found(chinese: str, english: str) -> None:
    assert list(faults(chinese, english))


def test_a_good_word_is_no_fault() -> None:
    assert list(faults("订单经过审批，可用额度", "Overdue, endorsed, Kept by")) == []


def test_the_glossary_uses_no_banned_word() -> None:
    """The terms of the glossary are those of the screens."""
    lines = Path(ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    terms = [line.split("|")[2].strip() for line in lines if line.startswith("| ")]
    assert [fault for term in terms for fault in faults(chinese=term)] == []
