"""Build what every page and API shares: lists, filters, exports, components, formats, the base admin."""
