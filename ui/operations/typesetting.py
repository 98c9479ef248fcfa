"""Set a document as PDF: a typst template with data, in the platform's own font."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import typst
from django.conf import settings

FONT_FOLDER = "@expo-google-fonts/noto-sans-sc"
FONT_WEIGHTS = ("400Regular", "700Bold")
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def typeset(template_path: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a typst template with its data.

    `template_path` is relative to templates/typst, such as "certificate.typ". The template reads the data by
    `#let data = json(bytes(sys.inputs.data))`; it is text to typst, never markup, whatever a person typed.
    A picture is passed as SVG text and set by `image(bytes(data.picture), format: "svg")`. The template may
    read files of templates/typst only. Same template and data, same bytes: the PDF has a fixed date.
    """
    root = settings.BASE_DIR / "templates" / "typst"
    made = typst.compile(
        str(root / template_path),
        root=str(root),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        timestamp=EPOCH,
    )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    folder = settings.NODE_MODULES / FONT_FOLDER
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder / weight) for weight in FONT_WEIGHTS],
    )
