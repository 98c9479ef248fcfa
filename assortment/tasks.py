"""Registers the event handlers of the assortment with the workers."""

from assortment.notifications import handlers

__all__ = ["handlers"]
