"""The actions that ordering records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderAction(TextChoices):
    PLACE = "order.place", _("order placed")
    CONFIRM = "order.confirm", _("order confirmed")
    RESERVE = "order.reserve", _("goods reserved")
    APPROVE = "order.approve", _("prices approved")
    SEND_BACK = "order.send_back", _("order sent back")
    RELEASE = "order.release", _("released from credit hold")
    OVERRIDE_PRICE = "order.override_price", _("price set by hand")
    CLEAR_PRICE = "order.clear_price", _("price set by hand withdrawn")
    CANCEL = "order.cancel", _("order cancelled")
    SHIP = "order.ship", _("goods shipped")
    ADD_SLIP = "order.add_slip", _("delivery slip uploaded")
    DELIVER = "order.deliver", _("delivery signed for")
    TIME_OUT = "order.time_out", _("received by time-out")
    TAKE_BACK = "order.take_back", _("returned goods")
    REQUEST_RETURN = "order.request_return", _("return requested")
    DECLINE_RETURN = "order.decline_return", _("return declined")


class StockAction(TextChoices):
    REPORT = "stock.report", _("stock reported")


class DeliveryPlanAction(TextChoices):
    SET = "delivery_plan.set", _("delivery windows set")
