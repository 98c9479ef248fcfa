"""One spelling of a text: what people write in different ways, but mean as the same.

Full and half width, capitals, traditional characters, invisible characters, kinds of dashes, multiplication
signs and middle dots are folded; stored texts and typed ones pass through the same function.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

HAN_RANGE = (0x3400, 0xA000)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣"), "-")
_TIMES = dict.fromkeys(map(ord, "×✕✖╳∗*"), "x")
_DOTS = dict.fromkeys(map(ord, "·•・‧∙⋅"), None)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f"), None)
_SIGNS: Mapping[int, str | None] = {**_DASHES, **_TIMES, **_DOTS, **_INVISIBLE}
_NEEDLESS_SPACE = re.compile(r"\s+(?=[^0-9a-z\s])|(?<=[^0-9a-z\s])\s+|^\s+|\s+$")
_PLAIN = re.compile(r"[ -)+-~]*")


def folded(text: str) -> str:
    """Return the text in its one spelling; spaces are unchanged."""
    if _PLAIN.fullmatch(text):  # ASCII without *
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SIGNS)
    return plain if plain.isascii() else plain.translate(_simplified())


def name_key(text: str) -> str:
    """Return the key by which a name or a SKU is looked up as a whole.

    A space counts only between two Latin letters or digits: `A 15` is not `A15`, `鸡粉 908g` is `鸡粉908g`.
    """
    return _NEEDLESS_SPACE.sub("", " ".join(folded(text).split()))


def traditional_forms(texts: Iterable[str]) -> dict[str, str]:
    """Return {traditional: simplified} of the simplified characters of these texts, for a script."""
    wanted = set().union(*texts)
    return {chr(code): one for code, one in _simplified().items() if one in wanted and chr(code) != one}


@cache
def _simplified() -> Mapping[int, str]:
    """Return the simplified character of each traditional one.

    Characters are converted one by one: a phrase would be converted in another way than a part of it.
    """
    from opencc import (
        OpenCC,  # loading it takes some milliseconds, which only a text with such characters needs
    )

    characters = "\n".join(map(chr, range(*HAN_RANGE)))
    pairs = zip(characters.split("\n"), OpenCC("t2s").convert(characters).split("\n"), strict=True)
    return {ord(one): simple for one, simple in pairs if one != simple}
