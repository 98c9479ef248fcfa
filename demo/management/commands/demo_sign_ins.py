"""`manage.py demo_sign_ins`: print the one-click sign-ins of the demonstration, one per role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from dealers.models import Party
from dealers.queries.parties import demo_people


class Command(BaseCommand):
    help = "Prints role, person and address of each one-click sign-in (development only)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="?", default="http://localhost:8000")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_SIGN_IN:
            self.stderr.write("One-click sign-ins are switched off (DEMO_SIGN_IN).")
            return
        with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
            for person in demo_people():
                kind = Party.Kind(person.party_kind).label
                address = options["address"].rstrip("/") + reverse(
                    "demo-sign-in", args=[person.membership_id]
                )
                role = f"{kind} · {person.role_name}"
                self.stdout.write(
                    f"  {_wide(role, 24)}{_wide(f'{person.name}（{person.party_name}）', 44)}{address}"
                )


def _wide(text: str, columns: int) -> str:
    """Pad text to a width; a Chinese character takes two columns."""
    taken = sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
    return text + " " * max(2, columns - taken)
