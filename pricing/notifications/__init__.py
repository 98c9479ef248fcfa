"""Tell sellers and their audience of published prices."""
