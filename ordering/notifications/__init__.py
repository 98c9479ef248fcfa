"""Notify buyers and sellers of changes to orders, shipments and returns."""
