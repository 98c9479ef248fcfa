"""The provider of text messages for development."""

from __future__ import annotations

import sys

from accounts.providers.base import Address, Outcome, Text

PREFIX = "[SMS →"


class Console:
    """Print text messages to stderr instead of sending them; `./run up` repeats these lines."""

    def send(self, address: Address, text: Text) -> Outcome:
        message = " ".join(part for part in (text.title, text.body, text.link) if part)
        print(f"{PREFIX} {address.value}] {message}", file=sys.stderr, flush=True)
        return Outcome(sent=True)
