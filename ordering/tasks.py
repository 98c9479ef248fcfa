"""The room's reactions, loaded where messages are delivered."""

from ordering.operations import event_handlers

__all__ = ["reacting"]
