"""What is done with orders, from placing to taking back.

The order of locks, the same in every operation: the books (credit) in the order of their ids,
then the order or shipment itself, then stock rows in the order of their ids, then facts in the
order of their keys. Everything is read, priced and checked before; the locks come in one last
burst. So two orders over the same goods wait for one another, and none for ever.
"""
