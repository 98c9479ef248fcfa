"""Management commands for the operators of the platform."""
