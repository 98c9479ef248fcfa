"""The partner's own number (`source`) of an order or a return, by which a retry is recognised."""

from __future__ import annotations

from kernel.refusals import Refusal


class SourceTaken(Refusal):
    """The number belongs to an order or a return with other content."""

    code = "conflict"
