from django.urls import path

from accounts.web.permissions import entering
from rebates.web import projection, statements
from rebates.web.lists import Programs, Settlements, Statements, StatementsOf
from rebates.web.price_drops import claim_list, claims, policy
from ui.web.list_view import list_view

may_view = entering("rebate.view")
DESK, LIST = "rebates/settlement.html", "rebates/settlements.html"
desk = may_view(list_view(StatementsOf, template=DESK))

urlpatterns = [
    path("programs", may_view(list_view(Programs)), name="programs"),
    path("settlements", may_view(list_view(Settlements, template=LIST)), name="settlements"),
    path("settlements/run", statements.run_due, name="settlements-run"),
    path(
        "settlements/<uuid:settlement_id>",
        may_view(list_view(StatementsOf, template=DESK)),
        name="settlement",
    ),
    path("rebates/projection", projection.projection, name="rebate-projection"),
    path("statements", may_view(list_view(Statements)), name="statements"),
    path("statements/<uuid:statement_id>", statements.statement, name="statement"),
    path("price-protection", policy.policy, name="price-protection"),
    path("price-drop-claims", claim_list.claims, name="price-drop-claims"),
    path("price-drop-claims/<uuid:price_drop_claim_id>", claims.claim, name="price-drop-claim"),
    path("price-drop-claims/<uuid:price_drop_claim_id>/reply", claims.reply, name="price-drop-claim-reply"),
    path(
        "price-drop-claims/<uuid:price_drop_claim_id>/approve",
        claims.approve,
        name="price-drop-claim-approve",
    ),
    path(
        "price-drop-claims/<uuid:price_drop_claim_id>/refuse", claims.refuse, name="price-drop-claim-refuse"
    ),
    path(
        "price-drop-claims/<uuid:price_drop_claim_id>/explanation",
        claims.explain,
        name="price-drop-claim-explain",
    ),
    path("price-drop-documents/<uuid:price_drop_document_id>", claims.document, name="price-drop-document"),
]
