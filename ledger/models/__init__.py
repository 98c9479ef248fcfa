from ledger.models.book import Account, Book, Entry, Journal, OpenItem
from ledger.models.temporary_credit import TemporaryCredit

__all__ = ["Account", "Book", "Entry", "Journal", "OpenItem", "TemporaryCredit"]
