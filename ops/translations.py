"""Translations: catalogues compiled without gettext, and a check that none is unfinished.

Runs inside the environment: `python -m ops.translations compile | check`.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ops.places import PROJECT, find_places


def catalogues() -> list[Path]:
    return sorted((PROJECT / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_all() -> None:
    """Beside their source, or in the home's `locale` where the project is read-only."""
    for source in catalogues():
        if current(source.with_suffix(".mo"), source):
            continue
        target = compiled_path(source)
        if current(target, source):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".new")
        with fresh.open("wb") as output:
            write_mo(output, read(source))
        fresh.rename(target)


def current(target: Path, source: Path) -> bool:
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime


def compiled_path(source: Path) -> Path:
    places = find_places()
    root = PROJECT if places.tools == PROJECT else places.home
    return root / source.relative_to(PROJECT).with_suffix(".mo")


def read(source: Path) -> Catalog:
    with source.open("rb") as text:
        return read_po(text, locale=source.parent.parent.name)


def unfinished(source: Path) -> list[str]:
    """One line for each message that is missing, fuzzy, or whose placeholders differ."""
    found = []
    for message in read(source):
        if not message.id:
            continue
        where = f"{source.relative_to(PROJECT)}:{message.lineno or 0}: {message.id!r}"
        translated = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(translated):
            found.append(f"{where} is not translated")
        elif message.fuzzy:
            found.append(f"{where} is marked fuzzy")
        else:
            found += [f"{where}: {error}" for error in message.check()]
    return found


def main(command: str) -> int:
    if command == "compile":
        compile_all()
        return 0
    problems = [line for source in catalogues() for line in unfinished(source)]
    print("\n".join(problems) or f"{len(catalogues())} catalogues, nothing unfinished")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
