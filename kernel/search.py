"""What a name is found by: its codes, its Chinese two by two, its pinyin and their initials.

PostgreSQL's trigrams do not help a two-character Chinese word, so a noun keeps these words in a
`search` column, and a search asks that each of its own words occurs there.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

COMPANY = re.compile("(股份|责任)?有限(责任)?公司$")
PINYIN_KEPT, HAN_KEPT, LONGEST_TOKEN = 12, 4, 60
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


def search_tokens(*, names: Iterable[str], codes: Iterable[str] = ()) -> list[str]:
    """The beginnings that a search looks for: of codes and their parts, of Latin words, and from each
    character of a Han name on its next four, its initials and its pinyin.
    """
    tokens: dict[str, None] = {}
    for code in filter(None, map(_plain, codes)):
        tokens[code] = None
        tokens |= dict.fromkeys(part for part in LATIN.findall(code) if len(part) >= 3)
    for name in map(_plain, names):
        tokens |= dict.fromkeys(LATIN.findall(name))
        for run in HAN.findall(COMPANY.sub("", name)):
            tokens |= dict.fromkeys(_han_tokens(run))
    return [token[:LONGEST_TOKEN] for token in tokens]


def _han_tokens(run: str) -> Iterator[str]:
    from pypinyin import lazy_pinyin  # half a second, that a process which saves no name spares

    spoken = [sound for sound in lazy_pinyin(run, errors="ignore") if sound]
    for at in range(len(run)):
        yield run[at : at + HAN_KEPT]
    for at in range(len(spoken)):
        yield "".join(spoken[at:])[:PINYIN_KEPT]
        if at < len(spoken) - 1:
            yield "".join(sound[0] for sound in spoken[at:])


def search_beginnings(typed: str) -> list[tuple[str, ...]]:
    """For each word typed the beginnings of which one must be among an object's tokens, the most
    telling word first; a token that was cut is met by a word that is longer than it.
    """
    found: dict[tuple[str, ...], None] = {}
    for part in _plain("".join(one for one in typed if one.isprintable() or one == " ")).split():
        for run in HAN.findall(part):
            pieces = [run[at : at + HAN_KEPT] for at in range(0, len(run), HAN_KEPT)]
            found |= dict.fromkeys((piece,) for piece in pieces)
        for word in (rest[:LONGEST_TOKEN] for rest in HAN.split(part)):
            if word.isalpha() and len(word) > PINYIN_KEPT:
                found[(word, word[:PINYIN_KEPT])] = None
            elif word:
                found[(word,)] = None
    return sorted(found, key=lambda words: -len(words[0]) * (3 if HAN.match(words[0]) else 1))[:6]


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
