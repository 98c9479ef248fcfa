"""Finding words that fix a third party's resale price, which no contract may do.

A manufacturer that fixes, or limits downwards, the price at which its customers resell breaks the
anti-monopoly law (反垄断法, article 18). Advice is free, and so is a limit on its own prices. The check
errs on the side of a finding: a person may then record why a clause fixes no resale price.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_STOP = r"[^。；;！？!?\n]"
_PRICE = r"(?:(?:零售|转售|销售|终端|市场|对外|出货|卖)(?:指导)?(?:价格|价)|售价|卖价|价格)"
_FORBIDDEN = r"(?:不得|不能|不可|不许|不准|不允许|禁止|严禁|不应)"
_SELL = r"(?:销售|出售|转售|零售|出货|卖出|卖给|供应给)"
_ENGLISH_SELL = r"(?:re-?sell|sell|offer|advertise|price)"
_ENGLISH_PRICE = r"(?:re-?sale|re-?tail|selling|street|consumer)\s+prices?"
_LESS = r"(?:below|under|less\s+than|lower\s+than|above|more\s+than)"

# A limit by itself: advice beside it changes nothing (“建议零售价不得低于 …” fixes a price, too).
_LIMITS = (
    rf"{_FORBIDDEN}{_STOP}{{0,12}}(?:低于|高于|偏离|下浮|打折){_STOP}{{0,30}}",
    rf"{_PRICE}{_STOP}{{0,10}}(?:不低于|不高于|至少为)",
    rf"(?:必须|应当|须|应){_STOP}{{0,6}}(?:按照?|执行){_STOP}{{0,16}}{_PRICE}{_STOP}{{0,8}}{_SELL}",
    rf"\b(?:not|never|no\s+\w+\s+(?:may|shall|must))\b[^.;\n]{{0,40}}\b{_ENGLISH_SELL}\b[^.;\n]{{0,80}}\b{_LESS}\b",
    rf"\b{_ENGLISH_PRICE}\b[^.;\n]{{0,40}}\b(?:must|shall|may|can)\s*not\b",
    rf"\b{_ENGLISH_PRICE}\b[^.;\n]{{0,40}}\b(?:must|shall)\b[^.;\n]{{0,20}}\b(?:at\s+least|no\s+less|not\s+less)\b",
)
# The name of a fixed price: fine in a sentence that says that there is none.
_NAMES = (
    rf"(?:统一|固定|指定|规定|限定){_STOP}{{0,6}}(?:零售|转售|销售|终端)(?:价格|价)",
    r"(?:统一|最低|固定)(?:的)?(?:零售|转售|销售|终端)?(?:限价|售价|价格)",
    r"(?:最低|统一|固定)(?:的)?(?:零售|转售|销售|终端)价",
    r"(?:零售|转售|销售|终端)限价",
    rf"\b(?:minimum|fixed|uniform|binding|mandatory|prescribed)\s+{_ENGLISH_PRICE}",
)
_DENIALS = re.compile(
    r"不(?:固定|限定|限制|规定|约束|干预|干涉|设|存在|执行|要求)|没有|无约束力|不具(?:有)?约束力|仅供参考"
    r"|自行(?:决定|确定|制定|定价)|自主(?:决定|确定|定价)"
    r"|\bno\s+(?:minimum|fixed|uniform|binding|mandatory|prescribed)\b|\bnot\s+(?:fix|bind|set|prescribe)"
    r"|\bfree\s+to\b|\bits\s+own\b|\bwithout\b"
)
# The price of what the manufacturer or the dealer sells itself is not a third party's resale price.
_OWN = re.compile(r"(?:供货|采购|进货|出厂|结算|开票)(?:价格|价)|\b(?:purchase|supply|list|net)\s+prices?\b")
_SENTENCE = re.compile(r"[^。；;！？!?\n]+|[。；;！？!?\n]")
_LIMIT_PATTERNS = [re.compile(pattern) for pattern in _LIMITS]
_NAME_PATTERNS = [re.compile(pattern) for pattern in _NAMES]
_ABOUT_PRICE = re.compile(rf"{_PRICE}|{_SELL}|\b(?:{_ENGLISH_SELL}|{_ENGLISH_PRICE})\b")


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """Words that fix a resale price, and the sentence that they stand in."""

    phrase: str
    sentence: str


def fixed_prices(text: str) -> list[FixedPrice]:
    """Return the words of a text that fix a resale price, at most one of each sentence."""
    plain = unicodedata.normalize("NFKC", text)
    found = []
    for sentence in _SENTENCE.findall(plain):
        words = _phrase(sentence.casefold())
        if words:
            found.append(FixedPrice(words, sentence.strip()))
    return found


def _phrase(sentence: str) -> str:
    for pattern in _LIMIT_PATTERNS:
        match = pattern.search(sentence)
        if match and _ABOUT_PRICE.search(sentence) and not _OWN.search(sentence):
            return match[0].strip()
    if _DENIALS.search(sentence):
        return ""
    for pattern in _NAME_PATTERNS:
        match = pattern.search(sentence)
        if match and not _OWN.search(sentence):
            return match[0].strip()
    return ""
