"""Complete the OpenAPI schema: names of components, English text, keys, retries, problem bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Choices
from django.utils import translation
from drf_spectacular import generators
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.hooks import postprocess_schema_enums
from drf_spectacular.settings import patched_settings

from integrations.api.descriptions import OPERATION_PARAMETERS, OPERATIONS, PARAMETERS
from integrations.idempotency import HEADER

LANGUAGE = "en"
"""The schema is for developers, and names of generated code come from it: one language for all."""
PREFIX = "#/components/schemas/"
PAGING = ("cursor", "page_size")
PURE = ("/api/v1/simulations/", "/api/v1/quotes")
WRITES = ("post", "put", "patch", "delete")
PROBLEM = {
    "type": "object",
    "description": "An error as RFC 9457 describes it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "urn:tripact:CODE"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "The stable name of the error."},
        "field": {"type": "string", "description": "The path of the invalid input, like lines[3].qty."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}},
    },
    "additionalProperties": True,
}
PROBLEM_ERROR = {
    "type": "object",
    "description": "One invalid field.",
    "properties": {
        "field": {"type": "string"},
        "code": {"type": "string"},
        "message": {"type": "string"},
    },
}
ALWAYS = {
    "400": "The request cannot be parsed.",
    "401": "The key is missing, unknown, expired or disabled.",
    "403": "The key's role or scopes do not allow this.",
    "404": "The object does not exist, or the key may not see it.",
    "429": "Too many requests; Retry-After gives the seconds to wait.",
}
ON_WRITES = {
    "409": "A conflict: stock, credit, state, or another request with the same Idempotency-Key.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "The request is refused; `code` and `field` give the reason.",
}


class SchemaGenerator(generators.SchemaGenerator):
    """Make the schema in English, whatever the language of the request or the process."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        with translation.override(LANGUAGE):
            return super().get_schema(request, public)


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "integrations.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "Authorization: Bearer tp_…"}


def enum_names() -> dict[str, type[Choices]]:
    """Return every class of choices by the name of its enum: `Order.State` is `OrderState`.

    Classes with the same choices are left out, because a serializer field holds the choices and not
    their class; drf-spectacular then names the enum after its component and property.
    """
    by_choices = defaultdict(list)
    for one in _subclasses(Choices):
        by_choices[tuple((str(value), str(label)) for value, label in one.choices)].append(one)
    alone = [classes[0] for choices, classes in by_choices.items() if choices and len(classes) == 1]
    return {one.__qualname__.replace(".", ""): one for one in alone}


def _subclasses(base: type[Choices]) -> Iterator[type[Choices]]:
    for one in base.__subclasses__():
        yield one
        yield from _subclasses(one)


def name_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Name enums after their classes of choices, and request bodies without a needless suffix."""
    with patched_settings({"ENUM_NAME_OVERRIDES": enum_names()}):
        result = postprocess_schema_enums(result, generator)
    return _without_request_suffix(result)


def _without_request_suffix(result: dict[str, Any]) -> dict[str, Any]:
    """Rename `OrderCreateRequest` to `OrderCreate`.

    It is `…Input` where a response has another shape of that name.
    """
    schemas = result["components"]["schemas"]
    renamed = {}
    for name in [name for name in schemas if name.endswith("Request")]:
        plain = name.removesuffix("Request")
        if schemas.get(plain, schemas[name]) != schemas[name]:
            plain += "Input"
        renamed[f"{PREFIX}{name}"] = f"{PREFIX}{plain}"
        schemas[plain] = schemas.pop(name)
    return _with_references(result, renamed)


def _with_references(part: Any, renamed: dict[str, str]) -> Any:
    if isinstance(part, list):
        return [_with_references(one, renamed) for one in part]
    if isinstance(part, dict):
        return {
            key: renamed.get(value, value) if key == "$ref" else _with_references(value, renamed)
            for key, value in part.items()
        }
    return part


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add problem bodies and descriptions to every operation, and the Idempotency-Key to writes."""
    schemas = result["components"]["schemas"]
    schemas["Problem"], schemas["ProblemError"] = PROBLEM, PROBLEM_ERROR
    enums = {frozenset(one["enum"]): name for name, one in schemas.items() if "enum" in one}
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            writes = method in WRITES
            for status, description in {**ALWAYS, **(ON_WRITES if writes else {})}.items():
                operation["responses"].setdefault(status, _problem(description))
            if writes and not path.startswith(PURE):
                operation.setdefault("parameters", []).append(_idempotency_key())
            _describe(operation)
            for parameter in operation.get("parameters", []):
                _refer_to_enum(parameter, enums)
    return result


def _describe(operation: dict[str, Any]) -> None:
    """Describe the operation and each of its parameters; the first sentence is the summary."""
    name = operation["operationId"]
    description = operation.get("description") or OPERATIONS.get(name, "")
    if description:
        operation["description"] = description
        first = " ".join(description.split("\n\n")[0].split()).split(". ")[0].rstrip(".")
        operation.setdefault("summary", first)
    for parameter in operation.get("parameters", []):
        known = OPERATION_PARAMETERS.get((name, parameter["name"])) or PARAMETERS.get(parameter["name"], "")
        own = parameter.get("description", "")
        if known and (not own or own.startswith("* `") or parameter["name"] in PAGING):
            parameter["description"] = f"{known}\n\n{own}" if own.startswith("* `") else known


def _refer_to_enum(parameter: dict[str, Any], enums: dict[frozenset[Any], str]) -> None:
    """Let a filter by choices name the enum of the field, so that a client has one type for both."""
    schema = parameter["schema"]
    holder, key = (schema, "items") if schema.get("type") == "array" else (parameter, "schema")
    name = enums.get(frozenset(holder[key].get("enum", ())))
    if name:
        holder[key] = {"$ref": f"{PREFIX}{name}"}


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": f"{PREFIX}Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


def _idempotency_key() -> dict[str, Any]:
    return {
        "in": "header",
        "name": HEADER,
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "description": "A name that you choose for this write. A repeated request gets the first answer.",
    }
