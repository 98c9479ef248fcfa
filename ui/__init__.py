"""Build what every page and API shares: lists, filters, exports, components, number formats, the base admin."""
