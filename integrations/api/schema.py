"""What the OpenAPI document says of every operation alike: the key, retries, problems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from integrations.api.labels import OF_ONE, OPERATIONS, PARAMETERS
from integrations.idempotency import HEADER

PURE = ("/api/v1/simulations/", "/api/v1/quotes")
WRITES = ("post", "put", "patch", "delete")
PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "urn:tripact:CODE"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "the refusal's stable name"},
        "field": {"type": "string", "description": "the path of the input at fault"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
    "additionalProperties": True,
}
ALWAYS = {
    "400": "The request cannot be read.",
    "401": "No key, or one that is unknown, ended or switched off.",
    "403": "The key's role or scopes do not allow this.",
    "404": "There is no such thing, or not for this key.",
    "429": "Too many requests; Retry-After says when to go on.",
}
ON_WRITES = {
    "409": "Something else came first: stock, credit, state, or the same key is at work.",
    "413": "The body is too large.",
    "415": "The body is no JSON.",
    "422": "The request is refused; code and field say why.",
}


class KeyInSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "integrations.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "Authorization: Bearer tp_…"}


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Adds the problem bodies and the words to every operation, and the Idempotency-Key to writes."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            writes = method in WRITES
            for status, told in {**ALWAYS, **(ON_WRITES if writes else {})}.items():
                operation["responses"].setdefault(status, _problem(told))
            if writes and not path.startswith(PURE):
                operation.setdefault("parameters", []).append(_retry_key())
            _explain(operation)
    return result


def _explain(operation: dict[str, Any]) -> None:
    """A description for the operation and each of its parameters; its first sentence is the summary."""
    name = operation["operationId"]
    told = operation.get("description") or OPERATIONS.get(name, "")
    if told:
        operation["description"] = told
        operation.setdefault("summary", " ".join(told.split("\n\n")[0].split()).split(". ")[0].rstrip("."))
    for parameter in operation.get("parameters", []):
        words = OF_ONE.get((name, parameter["name"])) or PARAMETERS.get(parameter["name"], "")
        if words and not parameter.get("description"):
            parameter["description"] = words


def _problem(told: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": told, "content": {"application/problem+json": {"schema": schema}}}


def _retry_key() -> dict[str, Any]:
    return {
        "in": "header",
        "name": HEADER,
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "description": "A name of your own for this write: sent again, it gets the first answer again.",
    }
