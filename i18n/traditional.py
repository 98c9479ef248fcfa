"""Derive traditional Chinese from the simplified catalogue.

OpenCC converts characters and phrases as they are written in Taiwan. Its dictionary of words is not
used, because it knows terms of software but not of trade (代码 of a company is not 程式碼, 发布 of a
price list not 釋出). `locale/zh_Hant/words.txt` lists the words that differ.
"""

import re
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from opencc import OpenCC

WORDS = Path("locale") / "zh_Hant" / "words.txt"
# Packages whose traditional catalogue lacks some messages of their simplified one.
PACKAGES = ("django/conf", "django/contrib/admin", "django/contrib/auth", "rest_framework")
SPELLING = str.maketrans({"賬": "帳", "臺": "台", "“": "「", "”": "」", "‘": "『", "’": "』"})


def read_words(file: Path) -> dict[str, str]:
    """Return traditional words by their simplified ones; skip comments and lines without a tab."""
    pairs = (line.split("\t") for line in file.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) == 2}


def converter(words: dict[str, str]) -> Callable[[str], str]:
    """Return a function that converts a simplified text to traditional; longer words are replaced first."""
    convert = OpenCC("s2tw").convert
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    known = re.compile("(" + "|".join(map(re.escape, longest_first)) + ")") if words else None

    def traditional(text: str) -> str:
        parts = known.split(text) if known else [text]
        written = (words[part] if part in words else convert(part) for part in parts)
        return "".join(written).translate(SPELLING)

    return traditional


def traditional_catalog(simplified: Iterable[Message], traditional: Callable[[str], str]) -> Catalog:
    """Return the project's messages, and those that packages have in simplified Chinese only."""
    catalog = Catalog(locale="zh_Hant", charset="utf-8")
    for message in (*lacking_in_packages(), *simplified):
        if message.id and not message.fuzzy:
            source = message.string
            if isinstance(source, (tuple, list)):
                string: str | tuple[str, ...] = tuple(map(traditional, source))
            else:
                string = traditional(source or "")
            catalog.add(message.id, string, flags=message.flags, context=message.context)
    return catalog


def lacking_in_packages() -> list[Message]:
    """Return messages that packages lack in traditional Chinese.

    Django would display them in simplified Chinese, the site's language.
    """
    lacking: list[Message] = []
    for package in PACKAGES:
        top, _, inside = package.partition("/")
        spec = find_spec(top)
        if spec is None or spec.origin is None:
            continue
        folder = Path(spec.origin).parent / inside / "locale"
        translated = {key_of(message) for message in _read(folder / "zh_Hant")}
        lacking += [message for message in _read(folder / "zh_Hans") if key_of(message) not in translated]
    return lacking


def key_of(message: Message) -> tuple[str, str | None]:
    """Return what gettext finds a message by: its singular and its context."""
    name = message.id if isinstance(message.id, str) else message.id[0]
    return name, message.context


def _read(language: Path) -> list[Message]:
    file = language / "LC_MESSAGES" / "django.mo"
    if not file.exists():
        return []
    with file.open("rb") as compiled:
        return [message for message in read_mo(compiled) if message.id]
