from django.urls import path

from ordering.web import member_order

urlpatterns = [path("m/order", member_order.member_order, name="member-order")]
