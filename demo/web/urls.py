from django.urls import path

from demo.web.sign_in import demo_sign_in

urlpatterns = [path("demo-sign-in/<uuid:membership_id>", demo_sign_in, name="demo-sign-in")]
