"""The names and texts of the schema, from which clients are generated: plain, English, unique."""

import json
import re
from collections import Counter

import pytest
from django.core.management import call_command
from django.utils import translation

from integrations.api.schema import SchemaGenerator, enum_names
from ordering.models import Order

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema():
    with translation.override("zh-hans"):
        return SchemaGenerator().get_schema(request=None, public=True)


def _operations(schema):
    return [
        operation
        for methods in schema["paths"].values()
        for method, operation in methods.items()
        if method in METHODS
    ]


def _texts(part, path=""):
    """Every key and text of the schema, with its place."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield f"{path} key", str(key)
            yield from _texts(value, f"{path}/{key}")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _texts(value, f"{path}/{number}")
    elif isinstance(part, str):
        yield path, part


def test_the_schema_is_made_without_a_warning(tmp_path):
    """drf-spectacular warns of enums that it names by a hash, of views that it cannot read, and more."""
    target = tmp_path / "schema.json"
    call_command(
        "spectacular", "--fail-on-warn", "--validate", "--format", "openapi-json", "--file", str(target)
    )
    assert json.loads(target.read_text())["paths"]


def test_no_component_has_a_hash_or_a_number_in_its_name(schema):
    names = schema["components"]["schemas"]
    assert {"OrderCreate", "OrderState", "Order", "OrderLine", "OrderLineCreate", "PriceList"} <= names.keys()
    assert [name for name in names if not re.fullmatch(r"([A-Z][a-z]+)+", name)] == []
    assert [name for name in names if re.search("Asked|Enum$|Request$|Null|Blank", name)] == []


def test_every_enum_of_a_component_has_its_own_component(schema):
    components = schema["components"]["schemas"]
    inline = [
        f"{name}.{field}"
        for name, component in components.items()
        for field, shape in component.get("properties", {}).items()
        if "enum" in shape or "enum" in shape.get("items", {})
    ]
    assert inline == []


def test_a_class_of_choices_names_its_enum():
    assert enum_names()["OrderState"] is Order.State


def test_a_filter_has_the_type_of_its_field(schema):
    parameters = schema["paths"]["/api/v1/orders"]["get"]["parameters"]
    (state,) = [one for one in parameters if one["name"] == "state"]
    assert state["schema"]["items"] == {"$ref": "#/components/schemas/OrderState"}


def test_lists_have_their_filters(schema):
    named = {one["name"] for one in schema["paths"]["/api/v1/parties"]["get"]["parameters"]}
    assert {"q", "code", "region"} <= named


def test_operation_ids_are_plain_and_unique(schema):
    ids = Counter(operation["operationId"] for operation in _operations(schema))
    assert {name for name, number in ids.items() if number > 1} == set()
    assert [name for name in ids if not re.fullmatch("[a-z]+(_[a-z]+)*", name)] == []
    assert {"orders_create", "orders_ship", "contracts_sign", "statements_retrieve"} <= ids.keys()


def test_parameters_have_plain_names(schema):
    names = {one["name"] for operation in _operations(schema) for one in operation.get("parameters", [])}
    assert len(names) > 20
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*|Idempotency-Key", name)] == []


def test_the_schema_is_english_whatever_the_language_of_its_reader(schema):
    chinese = [
        (path, text) for path, text in _texts(schema) if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)
    ]
    assert chinese == []
    names = ("/title", "/operationId", "/name", "key", "/$ref")
    assert [
        (path, text) for path, text in _texts(schema) if path.endswith(names) and not text.isascii()
    ] == []


@pytest.mark.django_db
def test_a_chinese_reader_gets_the_same_document(client):
    own = client.get("/api/schema?format=json&lang=zh-hans", headers={"accept-language": "zh-CN"})
    english = client.get("/api/schema?format=json", headers={"accept-language": "en"})
    assert own.content == english.content
