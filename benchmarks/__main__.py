"""`python -m benchmarks NAME …`: run the main(argv) -> int of the module that NAME stands for."""

from __future__ import annotations

import os
import sys
from importlib import import_module

NAMES = {
    "place-order": "place_order",
    "quote": "quote",
    "price-book": "price_book",
    "guarantees": "guarantees",
    "publish": "publish",
    "settle": "settle",
    "tiers": "tiers",
    "import": "import_sales",
    "pages": "pages",
    "quick-order": "quick_order",
    "stalled-cache": "stalled_cache",
    "overlap": "overlap",
}


def main(argv: list[str]) -> int:
    if not argv or argv[0] not in NAMES:
        print(f"benchmarks: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    module = import_module(f"benchmarks.{NAMES[argv[0]]}")
    return int(module.main(argv[1:]))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
