"""Limits of the sign-in, counted so that a stranger's attempts do not use up those of the person.

A browser in which the person has signed in before has counts of its own: nobody else can use it. All other
requests count by their address, and those for one name or number from unfamiliar places together too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.operations import devices
from accounts.rate_limits import HOUR, address_of, forget, wait_for_turn, wait_longer_each_time
from accounts.web import session
from tenancy.models import new_id


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request of somebody who claims to be a person comes from.

    `name` is what it counts by: the person's own browser or session, else the address. `is_familiar`: the
    person has signed in in this browser or network before.
    """

    name: str
    is_own_browser: bool
    is_familiar: bool


def place_of(request: HttpRequest, person: User | None) -> Place:
    """Return the place. It is looked up for an unknown person too, so that the time reveals nothing."""
    user_id, at = person.pk if person else new_id(), timezone.now()
    secret, address = session.secret_of(request), address_of(request)
    is_own_browser = devices.is_known(user_id=user_id, secret=secret, address="", at=at)
    is_familiar = devices.is_known(user_id=user_id, secret=secret, address=address, at=at)
    name = f"browser:{devices.hash_of(secret)}" if is_own_browser else f"address:{address}"
    return Place(name, is_own_browser, is_familiar)


def wait_for_password(request: HttpRequest, name: str) -> tuple[int, bool]:
    """Count an attempt to sign in by password; return the seconds to wait and whether for this name alone."""
    place = place_of(request, _person_named(name))
    if seconds := wait_for_turn(f"sign-in:{place.name}", settings.SIGN_IN_RATE_PER_ADDRESS):
        return seconds, False
    if place.is_own_browser:
        return wait_longer_each_time(_attempts_in(name, place)), True
    return (0 if place.is_familiar else wait_longer_each_time(_attempts_at(name))), True


def forget_attempts(request: HttpRequest, person: User) -> None:
    """Forget the attempts at a name after the right password."""
    forget(_attempts_at(person.username))
    forget(_attempts_in(person.username, place_of(request, person)))


def wait_for_code(request: HttpRequest, to: str) -> int:
    """Count a request for a code or link to a number or mail address; return the seconds to wait, else 0.

    The place has its limits for each number, the address one for all numbers, and a number one for all
    unfamiliar places. The person's own browser is limited by its own count alone.
    """
    if request.user.is_authenticated:
        place = Place(f"person:{request.user.pk}", is_own_browser=True, is_familiar=False)
    else:
        place = place_of(request, User.objects.filter(phone=to).only("pk").first())
    if not place.is_own_browser:
        address = address_of(request)
        if seconds := wait_for_turn(f"code-from:{address}", settings.SIGN_IN_RATE_PER_ADDRESS, window=HOUR):
            return seconds
    return (
        wait_for_turn(f"code-to:{to}:{place.name}", settings.CODES_PER_PHONE_A_MINUTE)
        or wait_for_turn(f"code-to:{to}:{place.name}", settings.CODES_PER_PHONE_AN_HOUR, window=HOUR)
        or _wait_with_strangers(to, place)
    )


def wait_for_typed_code(request: HttpRequest) -> int:
    """Count a typed code; return the seconds to wait, else 0. A code has few attempts of its own too."""
    return wait_for_turn(f"typed-code:{address_of(request)}", settings.SIGN_IN_RATE_PER_ADDRESS)


def is_own_browser(request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
    """Return whether axes leaves this attempt alone: in the person's own browser it counts otherwise."""
    name = str((credentials or {}).get("username") or "")
    return bool(name) and place_of(request, _person_named(name)).is_own_browser


def _wait_with_strangers(to: str, place: Place) -> int:
    if place.is_familiar:
        return 0
    return wait_for_turn(f"code-to:{to}", settings.CODES_PER_PHONE_AN_HOUR_FROM_STRANGERS, window=HOUR)


def _person_named(name: str) -> User | None:
    return User.objects.filter(username=name).only("pk").first() if name else None


def _attempts_at(name: str) -> str:
    return f"name:{name.casefold()}"


def _attempts_in(name: str, place: Place) -> str:
    return f"name:{name.casefold()}:{place.name}"
