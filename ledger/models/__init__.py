from ledger.models.book import Account, Book, Entry, Journal, OpenItem

__all__ = ["Account", "Book", "Entry", "Journal", "OpenItem"]
