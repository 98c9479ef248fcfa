"""Pricing: price lists, schemes and limits, and the quote that explains what an order costs.

A room of its own so that screens, orders, exports and the API calculate a price with the same code.
"""
