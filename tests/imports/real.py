"""Where the real file is: DATA names it or its folder, else it lies beside the project."""

import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

_named = Path(os.environ.get("DATA") or Path(settings.BASE_DIR).parent / "shared" / "data")
DATA = _named / "online_retail.csv.gz" if _named.is_dir() else _named
NOW = datetime(2012, 1, 2, tzinfo=UTC)
