from ui.models.bilingual_name import BilingualName, in_language, local_name
from ui.models.saved_view import SavedView
from ui.models.search_token import SearchToken
from ui.models.sent_form import SentForm

__all__ = ["BilingualName", "SavedView", "SearchToken", "SentForm", "in_language", "local_name"]
