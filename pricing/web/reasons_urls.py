from django.urls import path

from pricing.web import quote, why

urlpatterns = [
    path("prices/why", why.price_why, name="price-why"),
    path("quote", quote.quote, name="quote"),
]
