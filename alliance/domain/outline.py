"""Check a GeoJSON file of region outlines that a tenant uploads, and keep only what the map draws."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 3 * 1024 * 1024
MAX_DEPTH = 12
MAX_FEATURES = 4000
MAX_POSITIONS = 200_000
MAX_NAME_CHARACTERS = 60
LINES = {"LineString": 1, "MultiLineString": 2}
SHAPES = {"Polygon": 2, "MultiPolygon": 3}
CODE = re.compile(r"\d{2}(?:\d{2}(?:\d{2})?)?\Z")
# A reviewed map has a number such as GS(2024)0650号 or 粤S(2023)011号.
APPROVAL = re.compile(r"[A-Z\u4e00-\u9fff]{1,3}S?\s?[((]\d{4}[))]\s?\d{1,6}\s?号\Z")
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"')


class BadOutline(Exception):
    """A file that the map cannot draw; `reason` is a name, `feature` the number of the feature from 1."""

    def __init__(self, reason: str, feature: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.feature = reason, feature


@dataclass(frozen=True, slots=True)
class Outline:
    """A checked file: the GeoJSON to draw, and the codes of its regions."""

    geojson: dict[str, Any]
    codes: tuple[str, ...]


def is_approval_number(text: str) -> bool:
    """Return whether a text has the form of a 审图号."""
    return APPROVAL.match(text.strip()) is not None


def read_outline(content: bytes) -> Outline:
    """Read a GeoJSON file. Raise BadOutline for one that is too large, too deep or no outline of regions.

    Each feature has an area with a region's code in `adcode`, `code` or `gb` (with or without the country's
    156), or is a line, such as a boundary at sea. All other properties but the name are left out.
    """
    if not 1 <= len(content) <= MAX_BYTES:
        raise BadOutline("size")
    _check_depth(content)
    try:
        value = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except ValueError as error:
        raise BadOutline("no_json") from error
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection":
        raise BadOutline("no_collection")
    features = value.get("features")
    if not isinstance(features, list) or not 1 <= len(features) <= MAX_FEATURES:
        raise BadOutline("features")
    drawn = [_feature(one, number) for number, one in enumerate(features, 1)]
    codes = tuple(sorted({one["properties"]["adcode"] for one in drawn if one["properties"]["adcode"]}))
    if not codes:
        raise BadOutline("no_codes")
    if sum(1 for one in drawn for _ in _positions(one["geometry"]["coordinates"])) > MAX_POSITIONS:
        raise BadOutline("positions")
    return Outline({"type": "FeatureCollection", "features": drawn}, codes)


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _check_depth(content: bytes) -> None:
    depth = 0
    for mark in re.findall(rb"[\[\]{}]", _STRINGS.sub(b"", content)):
        depth += 1 if mark in b"[{" else -1
        if depth > MAX_DEPTH:
            raise BadOutline("depth")


def _feature(value: object, number: int) -> dict[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("geometry"), dict):
        raise BadOutline("geometry", number)
    shape = value["geometry"].get("type")
    coordinates = value["geometry"].get("coordinates")
    depth = (LINES | SHAPES).get(shape) if isinstance(shape, str) else None
    if depth is None:
        raise BadOutline("geometry", number)
    _check_coordinates(coordinates, depth, number)
    properties = value.get("properties")
    given = properties if isinstance(properties, dict) else {}
    code = _code(given)
    if shape in SHAPES and not code:
        raise BadOutline("code", number)
    name = given.get("name")
    properties_read = {"adcode": code, "name": name[:MAX_NAME_CHARACTERS] if isinstance(name, str) else ""}
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties_read, "geometry": geometry}


def _code(properties: dict[str, Any]) -> str:
    """Return the significant digits of a feature's code: 44, 4413 or 441302; "" without one."""
    for name in ("adcode", "code", "gb"):
        text = str(properties.get(name) or "")
        if name == "gb" and text.startswith("156"):
            text = text[3:]
        if len(text) == 6:
            text = text[:2] if text.endswith("0000") else text.removesuffix("00")
        if CODE.match(text):
            return text
    return ""


def _check_coordinates(value: object, depth: int, number: int) -> None:
    if not isinstance(value, list) or not value:
        raise BadOutline("coordinates", number)
    if depth:
        for one in value:
            _check_coordinates(one, depth - 1, number)
        return
    numbers = value[:2]
    if len(value) < 2 or not all(_is_number(one) for one in value):
        raise BadOutline("coordinates", number)
    if not (-180 <= numbers[0] <= 180 and -90 <= numbers[1] <= 90):
        raise BadOutline("coordinates", number)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _positions(coordinates: Any) -> Iterator[Any]:
    if isinstance(coordinates[0], list):
        for one in coordinates:
            yield from _positions(one)
    else:
        yield coordinates
