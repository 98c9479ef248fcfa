"""Measurements that anyone can repeat: `./run bench NAME`. Each ends with one line of JSON."""
