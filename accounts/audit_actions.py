"""What accounts record in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SignInAction(TextChoices):
    SET_POLICY = "sign_in.set_policy", _("sign-in policy set")
    LIFT_SECOND_FACTOR = "sign_in.lift_second_factor", _("second factor lifted")
