from django.apps import AppConfig

from ledger.audit_actions import BookAction, JournalAction


class LedgerConfig(AppConfig):
    name = "ledger"
    audit_actions = (BookAction, JournalAction)
