"""Parts that all pages and APIs share: lists, filters, exports, components, formats, the base admin."""
