from django.apps import AppConfig

from analytics.audit_actions import TierAction


class AnalyticsConfig(AppConfig):
    name = "analytics"
    audit_actions = (TierAction,)
