from django.urls import path

from simulations.api.views import SimulationView

urlpatterns = [path("simulations/<str:kind>", SimulationView.as_view(), name="api-simulation")]
