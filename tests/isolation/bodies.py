"""Bodies and query strings made from the API's own schema and the admin's own forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.test import RequestFactory

from catalogue.models import Product
from integrations.api.schema import SchemaGenerator
from tenancy.models import TenantModel
from tests.isolation.routes import NOUNS, Route, UnknownRoute, singular

Choose = Callable[[type[TenantModel]], Any]
TYPED = "typed-in"
"""What goes where a text is stored: a mark typed there would rightly come back as the own row's."""

STORES_PRODUCT = {
    "product-new",
    "product-edit",
    "idea-answer",
    "api-products",
    "api-product",
    "api-idea-answer",
}
"""Routes that store a typed SKU and name as those of a new product of the own tenant."""

ASKED_BY_ID = (
    "party",
    "parent",
    "buyer",
    "seller",
    "program",
    "cart",
    "order",
    "contract",
    "product",
    "tier",
)
PAGE_WORDS = {
    "code": TYPED,
    "name": TYPED,
    "reference": TYPED,
    "language": "en",
    "next": "/",
    "post": "yes",
    "action": "confirm",
    "decision": "accept",
    "answer": "no",
    "reason": "a reason",
    "signed_by": "a hand",
    "qty-1": "1",
    "free-1": "0",
    "qty": "1",
    "unit": "",
    "what": "payment",
    "amount": "1",
    "voucher": "V-1",
    "audience_kind": "everyone",
    "priority": "0",
    "kind": "special_price",
    "price": "1",
    "month": "2026-05-01",
    "group": "orders",
    "digest": "0" * 64,
}
CODES = {"code", "number", "sku", "q", "tag", "tier", "category", "source", "name", "slug"}


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def _operation(route: Route, verb: str) -> dict[str, Any]:
    for path, verbs in schema()["paths"].items():
        if _shape(path.lstrip("/")) == _shape(route.pattern):
            found: dict[str, Any] = verbs.get(verb.lower(), {})
            return found
    return {}


def _shape(path: str) -> str:
    return "/".join("*" if part[:1] in "{<" and part else part for part in path.split("/"))


def described(route: Route) -> bool:
    return any(_operation(route, verb) for verb in ("GET", "POST", "PUT", "PATCH", "DELETE"))


def json_body(route: Route, verb: str, choose: Choose, text: str) -> Any:
    content = _operation(route, verb).get("requestBody", {}).get("content", {})
    for one in content.values():
        body = _value("", one["schema"], choose, text)
        return body | {"sku": TYPED, "name": TYPED} if route.name in STORES_PRODUCT else body
    return {"id": str(choose(Product)), "note": text}


def _value(name: str, shape: dict[str, Any], choose: Choose, text: str) -> Any:
    if "$ref" in shape:
        shape = schema()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    for mixed in ("allOf", "oneOf", "anyOf"):
        if mixed in shape:
            return _value(name, shape[mixed][0], choose, text)
    if shape.get("enum"):
        return shape["enum"][0]
    kind = shape.get("type")
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    if kind == "object":
        properties = shape.get("properties", {})
        return {
            key: _value(key, one, choose, text) for key, one in properties.items() if not one.get("readOnly")
        }
    if kind == "array":
        return [_value(name.removesuffix("s"), shape["items"], choose, text)]
    if kind in {"integer", "number"}:
        return max(1, int(shape.get("minimum", 1)))
    if kind == "boolean":
        return True
    return _string(name, shape, choose, text)


def _string(name: str, shape: dict[str, Any], choose: Choose, text: str) -> str:
    form = shape.get("format", "")
    if form == "uuid" or (not form and name in NOUNS and name not in CODES):
        noun = NOUNS.get(name.removesuffix("_id")) or singular(name)
        if noun is None:
            raise UnknownRoute(f"Teach tests/isolation/routes.py which noun a body's {name} is.")
        return str(choose(noun))
    plain = {"date": "2026-06-02", "date-time": "2026-06-02T01:00:00Z", "decimal": "1.00"}
    return plain.get(form) or (text if name in CODES or not name else TYPED)


def schema_methods(route: Route) -> set[str]:
    """Return the methods of a route that the schema describes."""
    return {verb for verb in ("GET", "POST", "PUT", "PATCH", "DELETE") if _operation(route, verb)}


def schema_parameters(route: Route) -> list[str]:
    """Return the names of the query parameters of a route's GET."""
    return [one["name"] for one in _operation(route, "GET").get("parameters", []) if one["in"] == "query"]


def filters(route: Route, choose: Choose, text: str) -> Iterator[dict[str, str]]:
    """One query string for each filter that the schema tells of."""
    for one in _operation(route, "GET").get("parameters", []):
        if one["in"] == "query":
            shape = one["schema"]
            if shape.get("format") == "uuid":
                yield {one["name"]: _string(one["name"], shape, choose, text)}
            elif one["name"] in CODES:
                yield {one["name"]: text}


def needed(route: Route, known: dict[str, str]) -> str:
    """The query string of what is known, for a route that asks for it: prices are of products."""
    asked = {one["name"] for one in _operation(route, "GET").get("parameters", []) if one["in"] == "query"}
    return f"?{urlencode(known)}" if asked >= known.keys() else ""


def form_data(route: Route, choose: Choose, text: str) -> dict[str, str]:
    """An admin form filled with foreign keys that `choose` answers; elsewhere a few likely fields."""
    parts = route.pattern.split("/")
    for model, model_admin in admin.site._registry.items():
        if parts[0] == "admin" and parts[1:3] == [model._meta.app_label, model._meta.model_name]:
            return _admin_form(model_admin, choose)
    form = _page_form(choose, text)
    return form | {"sku": TYPED, "name": TYPED} if route.name in STORES_PRODUCT else form


def _page_form(choose: Choose, text: str) -> dict[str, str]:
    """What any form of the pages may ask for: each noun by its name, the words and figures of actions."""
    ids = {name: str(choose(noun)) for name, noun in NOUNS.items()}
    return (
        ids
        | {f"{name}_id": value for name, value in ids.items()}
        | PAGE_WORDS
        | {
            "sku": text,
            "q": text,
            "typed": text,
            "pasted": f"{text} 3",
            "entries": f"{text} 3.5",
            "row": str(choose(NOUNS["order"])),
        }
    )


def page_queries(route: Route, choose: Choose, text: str) -> Iterator[dict[str, str]]:
    """What a list of the pages may be asked for: a code, or the id of each noun."""
    if not route.pattern.startswith("admin/"):
        yield {"q": text, "sku": text, "buyer": text, "before": text, "with": text}
        yield {name: str(choose(NOUNS[name])) for name in ASKED_BY_ID}
    elif route.name.endswith("_changelist"):
        yield {"q": text}


def _admin_form(model_admin: Any, choose: Choose) -> dict[str, str]:
    request = RequestFactory().get("/")
    request.actor = None
    found = {"post": "yes", "_save": "Save"}
    for name in forms.fields_for_model(model_admin.model):
        field = model_admin.model._meta.get_field(name)
        if field.is_relation and issubclass(field.related_model, TenantModel):
            found[name] = str(choose(field.related_model))
        elif field.choices:
            found[name] = str(field.choices[0][0])
        elif not field.is_relation:
            found[name] = TYPED if field.get_internal_type() in {"CharField", "TextField"} else "1"
    for inline in model_admin.inlines:
        prefix = inline.model._meta.get_field(
            _key_of(inline, model_admin.model)
        ).remote_field.get_accessor_name()
        found |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
        for field in inline.model._meta.local_fields:
            if field.is_relation and issubclass(field.related_model, TenantModel):
                found[f"{prefix}-0-{field.name}"] = str(choose(field.related_model))
    return found


def _key_of(inline: Any, model: Any) -> str:
    return inline.fk_name or next(
        field.name for field in inline.model._meta.local_fields if field.related_model is model
    )
