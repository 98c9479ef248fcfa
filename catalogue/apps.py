from django.apps import AppConfig

from catalogue.audit_actions import ProductAction


class CatalogueConfig(AppConfig):
    name = "catalogue"
    audit_actions = (ProductAction,)
