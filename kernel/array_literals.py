"""Lists as array literals of PostgreSQL, for statements with many parameters.

psycopg2 writes a list as `ARRAY['1', '2', …]`, of which the server parses and plans each element. A
literal `'{"1","2",…}'` is one constant. The statement must cast it (`%(ids)s::uuid[]`).
"""

from collections.abc import Iterable, Mapping
from typing import Any


def array_literal(values: Iterable[object]) -> str:
    """Return the literal of a one-dimensional array of texts, numbers, dates or ids; None is NULL."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def with_array_literals(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a statement with an array literal in place of each list."""
    return {
        name: array_literal(value) if isinstance(value, list) else value for name, value in parameters.items()
    }


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    text = str(value)
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
