"""Tell buyers and sellers what happens to orders, shipments and returns."""
