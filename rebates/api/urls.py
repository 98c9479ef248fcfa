from django.urls import path

from rebates.api import price_drops, views

urlpatterns = [
    path("programs", views.ProgramList.as_view(), name="api-programs"),
    path("programs/<uuid:pk>", views.ProgramDetail.as_view(), name="api-program"),
    path("settlements", views.SettlementList.as_view(), name="api-settlements"),
    path("settlements/<uuid:pk>", views.SettlementDetail.as_view(), name="api-settlement"),
    path("statements", views.StatementList.as_view(), name="api-statements"),
    path("statements/<uuid:pk>", views.StatementDetail.as_view(), name="api-statement"),
    path(
        "statements/<uuid:pk>/deliveries",
        views.StatementDeliveries.as_view(),
        name="api-statement-deliveries",
    ),
    path("price-drop-claims", price_drops.PriceDropClaimList.as_view(), name="api-price-drop-claims"),
    path(
        "price-drop-claims/<uuid:pk>",
        price_drops.PriceDropClaimDetail.as_view(),
        name="api-price-drop-claim",
    ),
    path(
        "price-drop-claims/<uuid:pk>/reply",
        price_drops.PriceDropClaimReply.as_view(),
        name="api-price-drop-claim-reply",
    ),
    path(
        "price-drop-claims/<uuid:pk>/decision",
        price_drops.PriceDropClaimDecision.as_view(),
        name="api-price-drop-claim-decision",
    ),
]
