"""Seeing it all: the inputs of the tiers, later dashboards and forecasts; the only room with pandas."""
