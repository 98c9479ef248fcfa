"""The reads of ordering: facts for pages, the API and other rooms."""
