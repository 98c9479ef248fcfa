"""The base class of refusals, and the problem+json body made of one."""

from typing import Any

PROBLEM_JSON = "application/problem+json"


class Refusal(Exception):
    """The base class of the exceptions with which an operation refuses a request.

    A subclass is defined beside the operation that raises it. `code` is a stable name for programs;
    `message` is for people; `field` is the path of the invalid input, like `lines[0].qty` ("" for the
    request itself); `details` are facts for the page and the problem+json body.
    """

    code: str = "refused"

    def __init__(self, message: str = "", *, field: str = "", **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details


def problem_body(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """Return the body of a problem (RFC 9457); values of `more` that are None or "" are left out."""
    body = {
        "type": f"urn:tripact:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "detail": detail,
    }
    return body | {key: value for key, value in more.items() if value not in ("", None)}
