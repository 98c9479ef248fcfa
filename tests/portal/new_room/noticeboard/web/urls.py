from django.urls import path

from accounts.web.permissions import entering
from noticeboard.web.notices import Notices, notice_page
from ui.web.list_view import list_view

urlpatterns = [
    path("notices", entering("notice.view")(list_view(Notices)), name="notices"),
    path("notices/<uuid:notice_id>", notice_page, name="notice"),
]
