"""What ordering adds to the dry run of a price list: last year's orders, open orders and carts."""
