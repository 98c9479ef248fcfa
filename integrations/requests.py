"""What the entrance by API key adds to a request."""

from __future__ import annotations

from integrations.authentication import Claim, OpenKey, StoredAnswer
from ui.web.requests import TenantRequest


class ApiRequest(TenantRequest):
    """A request to the API: the key, the claimed idempotency key and the answer that it already has."""

    api_key: OpenKey | None
    claim: Claim | None
    earlier_answer: StoredAnswer | None
    seconds_to_wait: int
