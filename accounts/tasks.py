"""The room's reactions, loaded where messages are delivered."""

from accounts.operations import delivering

__all__ = ["delivering"]
