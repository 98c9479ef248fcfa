from django.apps import AppConfig

from accounts.audit_actions import SignInAction


class AccountsConfig(AppConfig):
    name = "accounts"
    audit_actions = (SignInAction,)
