from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.web import views

urlpatterns = [
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("password", views.ChangePassword.as_view(), name="password"),
    path("switch/<uuid:membership_id>", views.switch, name="switch"),
    path("language", views.choose_language, name="language"),
]
