"""Text that can be stored and parsed: without NUL and lone surrogates, nested only so deep.

PostgreSQL stores neither a NUL nor half of a surrogate pair, also where JSON writes it as an escape; a
parser of deeply nested text runs out of stack.
"""

import re
from collections.abc import Mapping

MAX_NESTING = 64
_UNREADABLE = re.compile(
    "[\x00\ud800-\udfff]"
    r"|\\u0000"
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_BRACKETS = re.compile(r"[\[\]{}]")


def is_readable(text: str) -> bool:
    """Return whether a text can be stored as it is, and parsed as JSON if it is JSON."""
    return _UNREADABLE.search(text) is None and not _is_nested_deeply(text)


def unreadable_path(document: object) -> str | None:
    """Return the path of the first text of a JSON document that cannot be stored, or that is nested too deep.

    None if there is none. The path is like `lines[0].sku`; "" is the document itself.
    """
    waiting: list[tuple[object, str, int]] = [(document, "", 0)]
    while waiting:
        value, path, depth = waiting.pop()
        if depth > MAX_NESTING or (isinstance(value, str) and not is_readable(value)):
            return path
        if isinstance(value, Mapping):
            if any(not is_readable(str(key)) for key in value):
                return path
            inner = [(one, f"{path}.{key}" if path else str(key), depth + 1) for key, one in value.items()]
            waiting.extend(reversed(inner))
        elif isinstance(value, list):
            inner = [(one, f"{path}[{place}]", depth + 1) for place, one in enumerate(value)]
            waiting.extend(reversed(inner))
    return None


def _is_nested_deeply(text: str) -> bool:
    if text.count("[") + text.count("{") <= MAX_NESTING:
        return False
    depth = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_NESTING:
            return True
    return False
