"""The catalogue of what the tenant sells: products, units, barcodes, categories and brands.

A room of its own because prices, stock, orders and imports all refer to products.
"""
