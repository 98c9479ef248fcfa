"""What a test says of an operation that must decline: its code, the field, and nothing half done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from kernel.refusals import Refusal


@contextmanager
def refused(code: str, field: str = "") -> Iterator[Any]:
    """The block is refused, and undone as the HTTP layers undo it."""
    with pytest.raises(Refusal) as wrong, transaction.atomic():
        yield wrong
    assert (wrong.value.code, wrong.value.field) == (code, field)
