"""Search words of a name: codes, Latin words, Chinese bigrams, pinyin and pinyin initials.

PostgreSQL's trigram index does not help with a Chinese word of two characters. So a noun stores these
words in a `search` column, and a search requires each of its own words to occur in it.
"""

import re
from collections.abc import Iterable, Iterator

from kernel.spelling import folded

COMPANY = re.compile("(股份|责任)?有限(责任)?公司$")
MAX_PINYIN_CHARACTERS, MAX_HAN_CHARACTERS, MAX_TOKEN_CHARACTERS = 12, 4, 60
HAN = re.compile("[\u3400-\u9fff]+")
LATIN = re.compile(r"[0-9]+(?:\.[0-9]+)+[a-z]*|[0-9a-z]+")
BETWEEN = dict.fromkeys(map(ord, "×✕✖╳∗*＊·•・"), " ")
PUNCTUATION = " \t-.,;:!?/|~()[]{}<>'\"、。;【】《》「」『』“”‘’…_"


def search_key(*, names: Iterable[str], codes: Iterable[str] = (), length: int) -> str:
    """Return the search words to store, each between spaces, in at most `length` characters.

    The order is codes, Latin words, Han bigrams, initials, full pinyin; words that do not fit are
    left out.
    """
    given = [name for name in names if name]
    words = [folded(code) for code in codes if code]
    runs = [run for name in given for run in HAN.findall(folded(name))]
    words += [word for name in given for word in _latin_words(name)]
    words += [pair for run in runs for pair in _bigrams(run)]
    from pypinyin import Style, lazy_pinyin  # the import takes half a second; only saving a name needs it

    for style in (Style.FIRST_LETTER, Style.NORMAL):
        words += ["".join(lazy_pinyin(run, style=style)) for run in runs]
    return _cut(dict.fromkeys(words), length)


def search_words(typed: str) -> list[str]:
    """Return the words of a typed text that must all occur in the search key.

    A run of two or more Han characters becomes its bigrams. Other words are unchanged and may occur
    inside a word of the key, so that `hf` finds the initials `zqhf`.
    """
    words: list[str] = []
    for part in folded(typed).split():
        for run in HAN.findall(part):
            words += _bigrams(run)
        words += filter(None, (rest.strip(PUNCTUATION) for rest in HAN.split(part)))
    return list(dict.fromkeys(words))[:20] or typed.split()[:1]


def search_tokens(*, names: Iterable[str], codes: Iterable[str] = ()) -> list[str]:
    """Return the tokens whose beginnings a search matches.

    They are the codes and their parts, the Latin words, and from each character of a Han name onwards
    its next four characters, its initials and its pinyin.
    """
    tokens: dict[str, None] = {}
    for code in filter(None, map(folded, codes)):
        tokens[code] = None
        tokens |= dict.fromkeys(part for part in LATIN.findall(code) if len(part) >= 3)
    for name in names:
        tokens |= dict.fromkeys(_latin_words(name))
        for run in HAN.findall(COMPANY.sub("", folded(name))):
            tokens |= dict.fromkeys(_han_tokens(run))
    return [token[:MAX_TOKEN_CHARACTERS] for token in tokens]


def _han_tokens(run: str) -> Iterator[str]:
    from pypinyin import lazy_pinyin  # the import takes half a second; only saving a name needs it

    spoken = [sound for sound in lazy_pinyin(run, errors="ignore") if sound]
    for at in range(len(run)):
        yield run[at : at + MAX_HAN_CHARACTERS]
    for at in range(len(spoken)):
        yield "".join(spoken[at:])[:MAX_PINYIN_CHARACTERS]
        if at < len(spoken) - 1:
            yield "".join(sound[0] for sound in spoken[at:])


def search_beginnings(typed: str) -> list[tuple[str, ...]]:
    """Return for each typed word the beginnings of which an object's tokens must contain one.

    The most selective word comes first. A word longer than a stored token also matches that token.
    """
    found: dict[tuple[str, ...], None] = {}
    plain = "".join(one for one in folded(typed) if one.isprintable() or one.isspace())
    for part in plain.split():
        for run in HAN.findall(COMPANY.sub("", part) or part):
            pieces = [run[at : at + MAX_HAN_CHARACTERS] for at in range(0, len(run), MAX_HAN_CHARACTERS)]
            found |= dict.fromkeys((piece,) for piece in pieces)
        for word in (rest.strip(PUNCTUATION)[:MAX_TOKEN_CHARACTERS] for rest in HAN.split(part)):
            if word.isalpha() and len(word) > MAX_PINYIN_CHARACTERS:
                found[(word, word[:MAX_PINYIN_CHARACTERS])] = None
            elif word:
                found[(word,)] = None
    if not found and plain.strip():  # signs alone find nothing, instead of everything
        found[(plain.split()[0],)] = None
    return sorted(found, key=lambda words: -len(words[0]) * (3 if HAN.match(words[0]) else 1))[:6]


def _latin_words(name: str) -> Iterator[str]:
    """Yield the words between Han characters and spaces: 500ml×12 as 500mlx12, 500ml and 12."""
    for part in folded(name).split():
        yield from filter(None, (rest.strip(PUNCTUATION) for rest in HAN.split(part)))
    yield from LATIN.findall(folded(name.translate(BETWEEN)))


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def _cut(words: Iterable[str], length: int) -> str:
    key = " "
    for word in words:
        if len(key) + len(word) + 1 > length:
            break
        key += word + " "
    return key if key.strip() else ""
