from django.apps import AppConfig

from pricing.audit_actions import LimitAction, PriceListAction, SchemeAction


class PricingConfig(AppConfig):
    name = "pricing"
    audit_actions = (PriceListAction, SchemeAction, LimitAction)
