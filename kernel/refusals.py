"""What the product says when it declines to do something."""

from typing import Any

PROBLEM_JSON = "application/problem+json"


class Refusal(Exception):
    """The base of every refusal. A subclass is a noun beside the verb that it declines.

    `code` is the stable name that programs read; `message` is for people; `field` is the path of
    the input at fault, like `lines[0].qty` ("" for the whole); `details` are facts for the page
    and the problem+json body that `config` makes of it.
    """

    code: str = "refused"

    def __init__(self, message: str = "", *, field: str = "", **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details


def problem_body(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """A problem of RFC 9457; `more` without what is empty."""
    body = {
        "type": f"urn:tripact:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "detail": detail,
    }
    return body | {key: value for key, value in more.items() if value not in ("", None)}
