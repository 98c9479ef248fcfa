from django.urls import path

from integrations.api.simulations import SimulationView

urlpatterns = [path("simulations/<str:kind>", SimulationView.as_view(), name="api-simulation")]
