"""Import data in bulk: read the file, check it, write it in resumable steps."""
