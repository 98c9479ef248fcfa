"""The operations that write orders, shipments, returns and stock.

Every operation takes its locks in the same order: ledger books by id, then the order or shipment, then
stock rows by id, then facts by key. It reads, prices and checks before it takes the first lock, so that
locks are held briefly and two operations cannot deadlock (docs/adr/0012).
"""
