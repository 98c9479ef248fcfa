from django.utils.translation import gettext_lazy as _

from tenancy.rooms import JobKind, RoomConfig


class DemoConfig(RoomConfig):
    name = "demo"
    job_kinds = (
        JobKind(
            "demo.load_demo",
            _("Demonstration"),
            tenant_message=_("The demonstration's year of trade is being made: %(done)s of %(total)s"),
        ),
    )
