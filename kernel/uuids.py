"""Reading of ids."""

from uuid import UUID


def as_uuid(text: str) -> UUID | None:
    """Return the id, or None for a text that is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
