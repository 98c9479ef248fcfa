from django.urls import path

from accounts.web.permissions import entering
from rebates.web import projection, statements
from rebates.web.lists import Programs, Settlements, Statements, StatementsOf
from ui.web.list_view import list_view

shown = entering("rebate.view")
DESK, LIST = "rebates/settlement.html", "rebates/settlements.html"
desk = shown(list_view(StatementsOf, template=DESK))

urlpatterns = [
    path("programs", shown(list_view(Programs)), name="programs"),
    path("settlements", shown(list_view(Settlements, template=LIST)), name="settlements"),
    path("settlements/run", statements.run_due, name="settlements-run"),
    path(
        "settlements/<uuid:settlement_id>", shown(list_view(StatementsOf, template=DESK)), name="settlement"
    ),
    path("rebates/projection", projection.projection, name="rebate-projection"),
    path("statements", shown(list_view(Statements)), name="statements"),
    path("statements/<uuid:statement_id>", statements.statement, name="statement"),
]
