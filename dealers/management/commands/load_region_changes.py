"""The command `load_region_changes`: records changes of GB/T 2260 from a CSV file of the operator."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from dealers.models import Region, RegionChange
from dealers.models.region import STEPS, region_path, region_range
from kernel.typed_input import UnreadableInput, read_date

CODE = re.compile(r"[0-9]+\Z")
COLUMNS = ("old", "new", "on", "kind", "document")


@dataclass(frozen=True, slots=True)
class Row:
    """A checked line of the file. `name` is needed for a new region and for a renamed one."""

    line: int
    old: str
    new: str
    on: date
    kind: str
    document: str
    name: str


class Command(BaseCommand):
    help = (
        "Records changes of regions (as the owner's role). The CSV file has the columns old, new, on, kind"
        " (merged, renamed, split, renumbered) and document; the column name names new and renamed regions."
        " Contracts are not changed: each tenant finds those concerned under “Region changes”."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        rows = _read(options["file"])
        with transaction.atomic(using="owner"):
            for row in rows:
                _write_region(row)
            changes = [
                RegionChange(
                    old_code=row.old, new_id=row.new, on=row.on, kind=row.kind, reference=row.document
                )
                for row in rows
            ]
            stored = RegionChange.objects.using("owner")
            before = stored.count()
            stored.bulk_create(changes, ignore_conflicts=True)
        self.stderr.write(f"{len(rows)} changes read, {stored.count() - before} new")


def _read(path: Path) -> list[Row]:
    try:
        lines = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    if not lines:
        raise CommandError(f"{path} has no lines.")
    missing = [name for name in COLUMNS if name not in lines[0]]
    if missing:
        raise CommandError(f"{path} has no column {', '.join(missing)}.")
    return [_row(number, line) for number, line in enumerate(lines, 2)]


def _row(number: int, line: dict[str, Any]) -> Row:
    values = {name: str(value or "").strip() for name, value in line.items() if name}
    for name in ("old", "new"):
        if CODE.match(values[name]) is None or len(values[name]) not in STEPS:
            raise CommandError(f"Line {number}: “{values[name]}” is no code of a region.")
    if values["kind"] not in RegionChange.Kind.values:
        raise CommandError(f"Line {number}: the kind is one of {', '.join(RegionChange.Kind.values)}.")
    if not 1 <= len(values["document"]) <= 200:
        raise CommandError(f"Line {number}: name the document of the change, in at most 200 characters.")
    try:
        on = read_date(values["on"])
    except UnreadableInput as error:
        raise CommandError(f"Line {number}: “{values['on']}” is no date.") from error
    name = values.get("name", "")
    return Row(number, values["old"], values["new"], on, values["kind"], values["document"], name)


def _write_region(row: Row) -> None:
    """Create the new region of a line, or name a renamed one. Raise CommandError if it has no name."""
    regions = Region.objects.using("owner")
    stored = regions.filter(code=row.new).first()
    if stored is not None and (row.kind != RegionChange.Kind.RENAMED or not row.name):
        return
    if not row.name:
        raise CommandError(f"Line {row.line}: there is no region {row.new}; name it in the column name.")
    path = region_path(row.new)
    above = regions.filter(code__in=path[:-1]).order_by("-depth").first()
    if above is None and len(path) > 1:
        raise CommandError(f"Line {row.line}: the region that {row.new} lies in does not exist.")
    full_name = f"{above.full_name if above else ''}{row.name}"
    start, end = region_range(row.new)
    facts = {
        "name": row.name,
        "full_name": full_name,
        "parent": above,
        "depth": len(path),
        "start": start,
        "end": end,
    }
    regions.update_or_create(code=row.new, defaults=facts)
