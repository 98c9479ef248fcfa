from django.urls import path

from ordering.web import member

urlpatterns = [path("m/order", member.member_order, name="member-order")]
