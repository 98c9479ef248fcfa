"""The authentication backend."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class AccountBackend(ModelBackend):
    """Sign-in by password. An inactive account has no session: `get_user` returns None.

    Django's own permissions are not used. Rights follow from the role of the active membership
    (`request.actor`), also in the admin (ui.base_admin).
    """

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
