"""Collect the messages of sources and templates, and compare them with the catalogues in locale/.

    python -m i18n update    adds new messages to the catalogues and removes those that no source has
    python -m i18n check     lists what a catalogue lacks; exit status 1 if anything

Babel takes the place of GNU gettext. `i18n.compiling` compiles the catalogues and finds unfinished messages.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans",)
OUTSIDE = {"tests", "benchmarks", "var", "node_modules", ".venv", "ops", "docs", "static", "requirements"}
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "_gettext", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}


def sources() -> Iterator[Path]:
    """Yield the Python files and templates that hold messages."""
    for file in sorted([*ROOT.glob("*/**/*.py"), *ROOT.glob("templates/**/*.html")]):
        inside = file.relative_to(ROOT)
        if inside.parts[0] not in OUTSIDE and "migrations" not in inside.parts:
            yield file


def found() -> Catalog:
    """Return every message of the sources with its places."""
    catalog = Catalog(charset="utf-8")
    for file in sources():
        text = file.read_text("utf-8")
        if file.suffix == ".html":
            text = "\n".join(line.strip() for line in templatize(text).splitlines())
        where = str(file.relative_to(ROOT))
        for line, message, comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            if message and message[0]:
                catalog.add(message, None, [(where, line)], auto_comments=comments, context=context)
    return catalog


def path_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def known(language: str) -> Catalog:
    """Return the catalogue of a language, an empty one where it has none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", project="Tripact", version="1")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> None:
    """Write the catalogue of a language: messages of the sources, with the translations that it has."""
    catalog = known(language)
    catalog.update(found(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment, catalog.fuzzy = "# Tripact", False
    # A constant date, so that a diff has messages only.
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, omit_header=False, sort_output=True, no_location=True, width=100)


def lacking(language: str) -> list[str]:
    """Return a line for each message of the sources that a catalogue lacks or leaves empty."""
    catalog = known(language)
    gaps = []
    for message in found():
        entry = catalog.get(message.id, message.context) if message.id else message
        if entry is None or (message.id and not _filled(entry.string)):
            gaps.append(f"{language}: {message.locations[0][0]}: {message.id!r}")
    return gaps


def _filled(string: Any) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)
