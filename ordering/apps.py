from django.apps import AppConfig

from ordering.audit_actions import DeliveryPlanAction, OrderAction, StockAction


class OrderingConfig(AppConfig):
    name = "ordering"
    audit_actions = (OrderAction, StockAction, DeliveryPlanAction)
