"""Registers the event handlers of the alliance with the workers."""

from alliance.notifications import breach_handlers, duty_handlers, handlers, plan_handlers, recruitment

__all__ = ["breach_handlers", "duty_handlers", "handlers", "plan_handlers", "recruitment"]
