"""Lists inside a sentence, joined as the reader's language joins them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

CHINESE_COMMA = "、"


def join_list(parts: Iterable[object]) -> str:
    """Return the parts in one line: A、B in Chinese, "A, B" in every other language."""
    separator = CHINESE_COMMA if (get_language() or "").startswith("zh") else ", "
    return separator.join(str(part) for part in parts)
