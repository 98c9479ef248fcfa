"""The room's reactions, loaded where messages are delivered."""

from ordering.operations import reacting

__all__ = ["reacting"]
