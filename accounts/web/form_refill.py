"""Filling of the forms of a rendered page with typed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser

PLAIN = {"", "text", "search", "number", "tel", "email", "url", "date", "month", "time", "datetime-local"}
CHOICES = {"checkbox", "radio"}
Attributes = list[tuple[str, str | None]]


def filled(page: str, typed: Mapping[str, Sequence[str]]) -> tuple[str, set[str]]:
    """Return the page with the fields of its POST forms filled, and the names that have a field.

    Hidden fields and buttons are not changed, but their names count as having a field.
    """
    filler = _Filler(typed)
    filler.feed(page)
    filler.close()
    return "".join(filler.out), filler.placed


class _Filler(HTMLParser):
    """Copy a page to `out` and fill its fields on the way."""

    def __init__(self, typed: Mapping[str, Sequence[str]]) -> None:
        super().__init__(convert_charrefs=False)
        self.left = {name: list(texts) for name, texts in typed.items()}
        self.typed, self.placed = typed, set[str]()
        self.out: list[str] = []
        self.posting, self.select, self.skipping = False, "", False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.posting = (given.get("method") or "").lower() == "post"
        if not self.posting or (tag != "option" and name not in self.typed):
            if tag == "select":
                self.select = ""
            self._raw()
        elif tag == "input":
            self._input(name, given, attrs)
        elif tag == "textarea":
            self._raw()
            self._found(name)
            self.out.append("\n" + escape(self._next(name, ""), quote=False))
            self.skipping = True
        elif tag == "select":
            self.select = name
            self._found(name)
            self._raw()
        elif tag == "option" and self.select:
            self._write(tag, attrs, "selected", (given.get("value") or "") in self.typed[self.select])
        else:
            if tag == "button":
                self._found(name)
            self._raw()

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.posting = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.skipping = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def _input(self, name: str, given: dict[str, str | None], attrs: Attributes) -> None:
        kind = (given.get("type") or "").lower()
        self._found(name)
        if kind in PLAIN:
            value = self._next(name, given.get("value") or "")
            self._write("input", [*((key, v) for key, v in attrs if key != "value"), ("value", value)])
        elif kind in CHOICES:
            self._write("input", attrs, "checked", (given.get("value") or "on") in self.typed[name])
        else:
            self._raw()

    def _write(self, tag: str, attrs: Attributes, flag: str = "", on: bool = False) -> None:
        written = [(key, value) for key, value in attrs if key != flag] + ([(flag, None)] if on else [])
        words = [key if value is None else f'{key}="{escape(value)}"' for key, value in written]
        self.out.append(f"<{' '.join([tag, *words])}>")

    def _next(self, name: str, otherwise: str) -> str:
        left = self.left[name]
        return left.pop(0) if left else otherwise

    def _found(self, name: str) -> None:
        self.placed.add(name)

    def _raw(self) -> None:
        self.out.append(self.get_starttag_text() or "")
