"""The second factor: a code that changes every half minute (TOTP, RFC 6238), and what replaces it.

The rows of a person are seen by that person alone, so each of these runs for who is signed in
(`app.user`), but lift_second_factor, which another runs for who has lost the device.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import BackupCode, Device, User
from accounts.operations.row_security import as_person
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

CODES, ISSUER = 10, "Tripact"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class WrongCode(Refusal):
    code = "wrong_code"


class SecondFactorThere(Refusal):
    code = "wrong_state"


def begin(*, user: User) -> TOTPDevice:
    """A new device to be confirmed, with a secret that nobody has seen; one begun before is over."""
    with joined_transaction():
        on = User.objects.select_for_update().filter(pk=user.pk, second_factor_at__isnull=False)
        if on.exists():
            raise SecondFactorThere(_("You have a second factor already."))
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        return TOTPDevice.objects.create(user=user, confirmed=False, name="totp")


def secret_of(device: TOTPDevice) -> str:
    """The key in base32, in groups of four, for who types it."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def link_of(device: TOTPDevice, user: User) -> str:
    """otpauth://…, what the QR code says."""
    asked = {"secret": secret_of(device).replace(" ", ""), "issuer": ISSUER, "digits": 6, "period": 30}
    return f"otpauth://totp/{quote(f'{ISSUER}:{user.username}')}?{urlencode(asked)}"


def confirm(*, user: User, device_id: int, typed: str, at: datetime) -> list[str]:
    """Switches the second factor on by a first right code of the device that was begun; the backup
    codes, told this once.

    A wrong one is counted, and so refused only when nothing is left to roll back.
    """
    with joined_transaction():
        begun = TOTPDevice.objects.select_for_update().filter(pk=device_id, user=user, confirmed=False)
        device = begun.first()
        right = device is not None and device.verify_token(_digits(typed))
    if device is None or not right:
        raise _wrong()
    with joined_transaction():
        if not User.objects.filter(pk=user.pk, second_factor_at=None).update(second_factor_at=at):
            raise SecondFactorThere(_("You have a second factor already."))
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        user.second_factor_at = at
        return _new_codes(user)


def passes(*, user: User, typed: str) -> bool:
    """Whether a code is right: of the device, each once, or one of the backup codes, which is then
    used up. Wrong ones make the next wait twice as long, counted on the row, which is locked."""
    with joined_transaction():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None or not device.verify_is_allowed()[0]:
            return False
        digits = _digits(typed)
        if len(digits) == 6:
            return bool(device.verify_token(digits))
        used, _by_model = BackupCode.objects.filter(user=user, code_hash=_hash(user, typed)).delete()
        if used:
            device.throttle_reset()
            return True
        device.throttle_increment()
        return False


def seconds_to_wait(*, user: User, at: datetime) -> int:
    """How long nobody's code is looked at, after wrong ones."""
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    allowed, why = device.verify_is_allowed() if device else (True, None)
    if allowed or not why:
        return 0
    return max(1, int((why["locked_until"] - at).total_seconds()) + 1)


def codes_left(*, user: User) -> int:
    return BackupCode.objects.filter(user=user).count()


def renew_codes(*, user: User, typed: str) -> list[str]:
    """New backup codes; the old ones are good no longer."""
    if not passes(user=user, typed=typed):
        raise _wrong()
    with joined_transaction():
        return _new_codes(user)


def turn_off(*, user: User, typed: str) -> None:
    if not passes(user=user, typed=typed):
        raise _wrong()
    with joined_transaction():
        _remove(user)


def lift_second_factor(*, user: User) -> None:
    """Takes it away from who lost the device; who may do that to whom is the caller's to judge."""
    with joined_transaction(), as_person(user.pk):
        _remove(user)


def _remove(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    BackupCode.objects.filter(user=user).delete()
    Device.objects.filter(user=user).update(trusted_until=None)
    User.objects.filter(pk=user.pk).update(second_factor_at=None)
    user.second_factor_at = None


def _new_codes(user: User) -> list[str]:
    codes = [
        "-".join("".join(secrets.choice(LETTERS) for _i in range(5)) for _j in range(2)) for _ in range(CODES)
    ]
    BackupCode.objects.filter(user=user).delete()
    BackupCode.objects.bulk_create(BackupCode(user=user, code_hash=_hash(user, one)) for one in codes)
    return codes


def _hash(user: User, typed: str) -> str:
    """Fifty random bits are not found by trying, so that one round is enough."""
    plain = "".join(typed.lower().split()).replace("-", "")
    return hashlib.sha256(f"{user.pk}:{plain}".encode()).hexdigest()


def _digits(typed: str) -> str:
    plain = "".join(typed.split())
    return plain if plain.isascii() and plain.isdigit() else ""


def _wrong() -> WrongCode:
    return WrongCode(_("This code is not right, or was used already. Wait for the next one."), field="code")
