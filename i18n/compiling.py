"""Compile the catalogues without GNU gettext, and find messages that are not finished.

`python -m i18n compile | check` runs inside the environment. Traditional Chinese is derived from
simplified Chinese when it is compiled (`i18n.traditional`).
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from i18n import traditional
from ops.places import PROJECT, find_places

SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"


def catalogues() -> list[Path]:
    """Return the .po files of all languages."""
    return sorted((PROJECT / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_all() -> None:
    """Write the .mo files beside their sources, or in the home's `locale` where the project is read-only."""
    for source in catalogues():
        compile_one(source, [source], lambda source=source: read(source))  # type: ignore[misc]  # bound per turn
    simplified = PROJECT / "locale" / SIMPLIFIED / "LC_MESSAGES" / "django.po"
    if simplified.exists():
        derived = PROJECT / "locale" / TRADITIONAL / "LC_MESSAGES" / "django.po"
        words = PROJECT / traditional.WORDS
        makers = [path for path in (simplified, words, Path(traditional.__file__)) if path.exists()]
        compile_one(derived, makers, lambda: derive(simplified, words))


def derive(simplified: Path, words: Path) -> Catalog:
    """Return the traditional catalogue that follows from the simplified one."""
    known = traditional.read_words(words) if words.exists() else {}
    return traditional.traditional_catalog(read(simplified), traditional.converter(known))


def compile_one(source: Path, makers: Sequence[Path], catalog: Callable[[], Catalog]) -> None:
    """Write the compiled catalogue of `source` unless it is newer than everything that it is made of."""
    target = compiled_path(source)
    if current(source.with_suffix(".mo"), makers) or current(target, makers):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}.new")
    with fresh.open("wb") as output:
        write_mo(output, catalog())
    fresh.rename(target)


def current(target: Path, makers: Sequence[Path]) -> bool:
    """Return whether a compiled file exists and is not older than what it is made of."""
    newest = max(maker.stat().st_mtime for maker in makers)
    return target.exists() and target.stat().st_mtime >= newest


def compiled_path(source: Path) -> Path:
    places = find_places()
    root = PROJECT if places.tools == PROJECT else places.home
    return root / source.relative_to(PROJECT).with_suffix(".mo")


def read(source: Path) -> Catalog:
    with source.open("rb") as text:
        return read_po(text, locale=source.parent.parent.name)


def unfinished(source: Path) -> list[str]:
    """Return a line for each message that has no translation, is fuzzy, or whose placeholders differ."""
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


def problems() -> list[str]:
    """Return a line for each message that is unfinished, missing in a catalogue, or in no source."""
    from i18n.catalogues import LANGUAGES, lacking  # it imports Django, which compiling does without

    found = [line for source in catalogues() for line in unfinished(source)]
    for language in LANGUAGES:
        found += [f"{line} is not in the catalogue" for line in lacking(language)]
        found += obsolete(language)
    return found


def obsolete(language: str) -> list[str]:
    """Return a line for each message of the catalogue that no source has."""
    from i18n.catalogues import found, known

    in_sources = {traditional.key_of(message) for message in found()}
    return [
        f"{language}: {message.id!r} is in no source"
        for message in known(language)
        if message.id and traditional.key_of(message) not in in_sources
    ]
