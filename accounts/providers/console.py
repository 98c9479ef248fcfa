from __future__ import annotations

import sys

from accounts.providers.base import Address, Outcome, Text


class Console:
    """Text messages for development: printed where the program runs."""

    def send(self, address: Address, text: Text) -> Outcome:
        said = " ".join(part for part in (text.title, text.body) if part)
        print(f"[SMS → {address.value}] {said}", file=sys.stderr, flush=True)
        return Outcome(sent=True)
