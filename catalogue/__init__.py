"""What we sell: products, their units and barcodes."""
