"""The command `create_tenant`: creates a tenant, its manufacturer and its first channel director."""

from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.rights import MANUFACTURER, the_system
from dealers.models import Party
from dealers.operations.parties import add_party
from dealers.operations.people import Admission, add_person
from kernel.refusals import Refusal
from tenancy.context import tenant_active
from tenancy.models import Tenant, TenantHost


class Command(BaseCommand):
    help = "Opens a tenant (as the owner's role) and prints its first director's one-time password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name of small letters, digits and hyphens")
        parser.add_argument("name", help="the manufacturer's name")
        parser.add_argument("director", help="the first channel director's user name")
        parser.add_argument("--director-name", default="", help="how the director is called")
        parser.add_argument("--host", help="a host name that leads to this tenant")
        parser.add_argument("--timezone", default="Asia/Shanghai")
        parser.add_argument("--currency", default="CNY")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = self._tenant(options)
        with transaction.atomic(using="owner"):
            tenant.save(using="owner", force_insert=True)
            if options["host"]:
                TenantHost(host=options["host"].lower(), tenant=tenant).save(using="owner", force_insert=True)
        try:
            admission = self._first_director(tenant, options)
        except Refusal as refusal:
            self._undo(tenant)
            raise CommandError(f"{refusal.field}: {refusal.message}") from refusal
        person = admission.membership.user.username
        self.stdout.write(f"tenant    {tenant.slug}  {tenant.name}  {tenant.timezone}  {tenant.currency}")
        self.stdout.write(f"director  {person}")
        if admission.password:
            self.stdout.write(f"password  {admission.password}  (shown once; change it after signing in)")
        else:
            self.stdout.write("password  unchanged: this person had an account already")

    def _tenant(self, options: dict[str, Any]) -> Tenant:
        """Return the validated, unsaved tenant. Raise CommandError with the invalid field."""
        if options["timezone"] not in available_timezones():
            raise CommandError(f"timezone: there is no {options['timezone']}; one is Asia/Shanghai.")
        currency = options["currency"]
        if len(currency) != 3 or not currency.isascii() or not currency.isupper():
            raise CommandError(f"currency: {currency} is no ISO 4217 code like CNY.")
        tenant = Tenant(
            slug=options["slug"],
            name=options["name"].strip(),
            timezone=options["timezone"],
            currency=currency,
        )
        if Tenant.objects.filter(slug=tenant.slug).exists():
            raise CommandError(f"slug: there is a tenant {tenant.slug} already; nothing was changed.")
        if options["host"] and TenantHost.objects.filter(host=options["host"].lower()).exists():
            raise CommandError(
                f"host: {options['host']} leads to another tenant already; nothing was changed."
            )
        try:
            tenant.clean_fields(exclude=["id", "created_at"])
        except ValidationError as error:
            message = "; ".join(f"{field}: {' '.join(words)}" for field, words in error.message_dict.items())
            raise CommandError(message) from error
        return tenant

    def _undo(self, tenant: Tenant) -> None:
        """Delete the tenant without Django's collector, which would query tables that have row security."""
        TenantHost.objects.using("owner").filter(tenant=tenant).delete()
        Tenant.objects.using("owner").filter(id=tenant.id)._raw_delete("owner")

    def _first_director(self, tenant: Tenant, options: dict[str, Any]) -> Admission:
        by, at = the_system("create_tenant"), timezone.now()
        with tenant_active(tenant):
            manufacturer = add_party(
                party=Party(kind=MANUFACTURER, code="M", name=tenant.name, tracks_stock=True), by=by, at=at
            )
            return add_person(
                party=manufacturer,
                role="director",
                username=options["director"],
                name=options["director_name"],
                by=by,
                at=at,
            )
