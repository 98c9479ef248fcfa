"""The import of 541,909 real order lines, from opening the file to the last commit.

`s` is one run of `manage.py import_sales` in this process: the complete file is read and checked, tenant,
parties, products and books are created, delivered orders and returns written with their postings and
facts. `rows_per_s` counts lines of the file, `peak_mb` is this process's peak. The file is the UCI Online
Retail data (D. Chen, 2015, CC BY 4.0). DATA names it or its folder; the default is ../shared/data.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.core.management import CommandError, call_command

from benchmarks.emptied import emptied
from imports.operations.sales.job import KIND
from jobs.models import Job
from ordering.queries.reconciliation import differences
from tenancy.context import tenant_active
from tenancy.models import Tenant

NAME, SLUG = "online_retail.csv.gz", "bench-import"
ROWS, SUM = 541_909, Decimal("9747747.934")


def data_file() -> Path:
    """Return the path of the file, by DATA or beside the project."""
    named = Path(os.environ.get("DATA") or Path(settings.BASE_DIR).parent / "shared" / "data")
    return named / NAME if named.is_dir() else named


def main(argv: Sequence[str]) -> int:
    """Print one JSON line with s, rows_per_s, peak_mb; with --check compare facts with their sources."""
    parser = argparse.ArgumentParser(prog="import")
    parser.add_argument("--check", action="store_true", help="compare ledger and facts with their sources")
    options = parser.parse_args(argv)
    path = data_file()
    if not path.is_file():
        print(f"{path} is not there: name the Online Retail file with DATA=…", file=sys.stderr)
        return 2
    emptied()
    with tempfile.TemporaryDirectory() as folder:
        out = StringIO()
        began = time.monotonic()
        try:
            call_command(
                "import_sales",
                str(path),
                "--tenant",
                SLUG,
                "--rejects",
                str(Path(folder) / "rejects.csv"),
                stdout=out,
                stderr=sys.stderr,
            )
        except CommandError as error:
            print(error, file=sys.stderr)
            return 1
        s = time.monotonic() - began
    sys.stderr.write(out.getvalue())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _check_totals(out.getvalue(), check=options.check)
    emptied()
    print(json.dumps({"s": round(s, 2), "rows_per_s": round(ROWS / s), "peak_mb": round(peak, 1)}))
    return 0


def _check_totals(output: str, *, check: bool) -> None:
    """Exit if the totals are not the file's: a fast import that loses lines does not count."""
    together = next(line for line in output.splitlines() if line.startswith("together")).split()
    with tenant_active(Tenant.objects.get(slug=SLUG)):
        job = Job.objects.get(kind=KIND)
        wrong = differences() if check else []
    if (int(together[1]), Decimal(together[3])) != (ROWS, SUM) or job.state != Job.State.DONE or wrong:
        raise SystemExit(f"not complete: {' '.join(together)}, job {job.state}, {wrong}")
