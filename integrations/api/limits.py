from typing import Any

from django.conf import settings
from rest_framework.throttling import BaseThrottle

from accounts.rate_limits import wait_for_turn


class PerKey(BaseThrottle):
    """API_RATE_PER_KEY requests a minute for each key; the door counts addresses (config.middleware)."""

    def __init__(self) -> None:
        self.seconds = 0

    def allow_request(self, request: Any, view: Any) -> bool:
        key = getattr(request._request, "api_key", None)
        if key is not None:
            self.seconds = wait_for_turn(f"key:{key.id}", settings.API_RATE_PER_KEY)
        return not self.seconds

    def wait(self) -> float | None:
        return self.seconds
