"""Repeatable measurements: `./run bench NAME`. Each ends with one line of JSON."""
