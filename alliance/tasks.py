"""Registers the event handlers of the alliance with the workers."""

from alliance.notifications import duty_handlers, handlers, plan_handlers

__all__ = ["duty_handlers", "handlers", "plan_handlers"]
