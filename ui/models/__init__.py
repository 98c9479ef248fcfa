from ui.models.search_token import SearchToken
from ui.models.sent_form import SentForm

__all__ = ["SearchToken", "SentForm"]
