"""What a name is found by: its codes, its Chinese two by two, its pinyin and their initials.

PostgreSQL's trigrams do not help a two-character Chinese word, so a noun keeps these words in a
`search` column, and a search asks that each of its own words occurs there.
"""

import re
import unicodedata
from collections.abc import Iterable

HAN = re.compile("[\u3400-\u9fff]+")
LATIN = re.compile(r"[0-9a-z]+")


def search_key(*, names: Iterable[str], codes: Iterable[str] = (), length: int) -> str:
    """The words to keep, each between spaces, at most `length` characters of whole words.

    Codes first, then for each name its Latin words, Han bigrams, initials and full pinyin:
    what comes last is what a long name loses.
    """
    names = [_plain(name) for name in names if name]
    words = [_plain(code) for code in codes if code]
    runs = [run for name in names for run in HAN.findall(name)]
    words += [word for name in names for word in LATIN.findall(name)]
    words += [pair for run in runs for pair in _bigrams(run)]
    from pypinyin import Style, lazy_pinyin  # half a second, that a process which saves no name spares

    for style in (Style.FIRST_LETTER, Style.NORMAL):
        words += ["".join(lazy_pinyin(run, style=style)) for run in runs]
    return _cut(dict.fromkeys(words), length)


def search_words(typed: str) -> list[str]:
    """The words that must all occur in the key, for what a person typed.

    A Han run of two or more characters asks for its bigrams; the rest asks for itself, anywhere
    within a word, so that `hf` finds the initials `zqhf`.
    """
    words: list[str] = []
    for part in _plain(typed).split():
        for run in HAN.findall(part):
            words += _bigrams(run)
        words += [rest for rest in HAN.split(part) if rest.strip()]
    return list(dict.fromkeys(words))[:20]


def _plain(text: str) -> str:
    """Small letters, and full-width ones as the ordinary ones."""
    return unicodedata.normalize("NFKC", text).lower()


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def _cut(words: Iterable[str], length: int) -> str:
    key = " "
    for word in words:
        if len(key) + len(word) + 1 > length:
            break
        key += word + " "
    return key if key.strip() else ""
