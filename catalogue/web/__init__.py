"""The catalogue, as pages."""
