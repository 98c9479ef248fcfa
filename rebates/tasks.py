"""Register the jobs and event handlers of rebates with the workers."""

from rebates.notifications import handlers, price_drops
from rebates.operations import guarantees, settling
from rebates.operations.price_drops import computing

__all__ = ["computing", "guarantees", "handlers", "price_drops", "settling"]
