import json

import pytest

from alliance.domain import outline
from alliance.domain.outline import BadOutline, is_approval_number, read_outline

SQUARE = [[[113.0, 22.0], [114.0, 22.0], [114.0, 23.0], [113.0, 22.0]]]


def feature(shape="Polygon", coordinates=SQUARE, **properties):
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def file(*features, **values):
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | values).encode()


def reason(content):
    with pytest.raises(BadOutline) as refused:
        read_outline(content)
    return refused.value.reason


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"adcode": 440000, "name": "广东"}, "44"),
        ({"code": "441300"}, "4413"),
        ({"gb": "156441302"}, "441302"),
        ({"adcode": "", "gb": "440000"}, "44"),
        ({"adcode": "44"}, "44"),
    ],
)
def test_the_code_of_a_region_is_read_from_its_usual_properties(properties, code):
    assert read_outline(file(feature(**properties))).codes == (code,)


def test_only_code_and_name_are_stored():
    read = read_outline(file(feature(adcode=440000, name="广东" * 50, centroid=[1, 2], html="<b>")))
    properties = read.geojson["features"][0]["properties"]
    assert properties == {"adcode": "44", "name": "广东" * 30}


def test_a_line_needs_no_code_and_a_region_has_one():
    line = feature("LineString", [[110.0, 15.0], [111.0, 16.0]])
    assert read_outline(file(line, feature(adcode=440000))).codes == ("44",)
    assert reason(file(line)) == "no_codes"
    assert reason(file(feature(name="?"))) == "code"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "size"),
        (b"{", "no_json"),
        (b"\xff\xfe", "no_json"),
        (b"[]", "no_collection"),
        (b"[" * 20 + b"]" * 20, "depth"),
        (b'{"type": "Feature"}', "no_collection"),
        (b'{"type": "FeatureCollection", "features": {}}', "features"),
        (b'{"type": "FeatureCollection", "features": []}', "features"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "no_json"),
        (file(1), "geometry"),
        (file({"geometry": None}), "geometry"),
        (file(feature("Point", [1, 2], adcode=440000)), "geometry"),
        (file({"geometry": {"type": 5}}), "geometry"),
        (file({"geometry": {"type": "Polygon", "coordinates": SQUARE}, "properties": None}), "code"),
        (file(feature(coordinates=[], adcode=440000)), "coordinates"),
        (file(feature(coordinates=[[[1]]], adcode=440000)), "coordinates"),
        (file(feature(coordinates=[[[True, 2]]], adcode=440000)), "coordinates"),
        (file(feature(coordinates=[[["1", 2]]], adcode=440000)), "coordinates"),
        (file(feature(coordinates=[[[181, 2]]], adcode=440000)), "coordinates"),
        (file(feature(coordinates=[[["x"]]], adcode=440000)), "coordinates"),
        (file(feature(coordinates=5, adcode=440000)), "coordinates"),
    ],
)
def test_what_is_no_outline_is_refused(content, expected):
    assert reason(content) == expected


def test_brackets_in_a_text_are_no_depth():
    assert read_outline(file(feature(adcode=440000, name="[" * 40))).codes == ("44",)


def test_too_many_positions_and_too_large_a_file_are_refused(monkeypatch):
    monkeypatch.setattr(outline, "MAX_POSITIONS", 3)
    assert reason(file(feature(adcode=440000))) == "positions"
    monkeypatch.setattr(outline, "MAX_BYTES", 10)
    assert reason(file(feature(adcode=440000))) == "size"


@pytest.mark.parametrize(
    ("typed", "valid"),
    [
        ("GS(2024)0650号", True),
        ("粤S(2023)011号", True),
        ("GS京(2022)1061号", True),
        ("2024", False),
        ("", False),
    ],
)
def test_an_approval_number_has_its_form(typed, valid):
    assert is_approval_number(typed) is valid
