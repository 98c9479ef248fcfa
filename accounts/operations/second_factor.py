"""The second factor: a code that changes every 30 seconds (TOTP, RFC 6238), and backup codes.

Row security limits these rows to their own person, so the operations run for the signed-in user
(`app.user`). Only lift_second_factor is run by another person, for a user who has lost the device.
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


class SecondFactorExists(Refusal):
    code = "wrong_state"


def begin(*, user: User) -> TOTPDevice:
    """Create an unconfirmed device with a new secret, in place of an earlier unconfirmed one.

    Raises SecondFactorExists.
    """
    with joined_transaction():
        on = User.objects.select_for_update().filter(pk=user.pk, second_factor_at__isnull=False)
        if on.exists():
            raise SecondFactorExists(_("You have a second factor already."))
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        return TOTPDevice.objects.create(user=user, confirmed=False, name="totp")


def secret_of(device: TOTPDevice) -> str:
    """Return the key in base32 in groups of four characters, to be typed."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def link_of(device: TOTPDevice, user: User) -> str:
    """Return the otpauth:// URL for the QR code."""
    query = {"secret": secret_of(device).replace(" ", ""), "issuer": ISSUER, "digits": 6, "period": 30}
    return f"otpauth://totp/{quote(f'{ISSUER}:{user.username}')}?{urlencode(query)}"


def confirm(*, user: User, device_id: int, typed: str, at: datetime) -> list[str]:
    """Switch the second factor on with a first correct code of the new device; return the backup codes.

    The backup codes cannot be read again. A wrong code is counted on the device, so WrongCode is raised
    only after that count is committed. Raises WrongCode or SecondFactorExists.
    """
    with joined_transaction():
        begun = TOTPDevice.objects.select_for_update().filter(pk=device_id, user=user, confirmed=False)
        device = begun.first()
        is_correct = device is not None and device.verify_token(_digits(typed))
    if device is None or not is_correct:
        raise _wrong()
    with joined_transaction():
        if not User.objects.filter(pk=user.pk, second_factor_at=None).update(second_factor_at=at):
            raise SecondFactorExists(_("You have a second factor already."))
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        user.second_factor_at = at
        return _new_codes(user)


def passes(*, user: User, typed: str) -> bool:
    """Return whether a code is correct: one of the device, or a backup code, which is then deleted.

    Each code is accepted once. Wrong codes are counted on the locked row; each doubles the wait.
    """
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
    """Return the seconds during which no code is accepted, after wrong ones; 0 if there is no wait."""
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    allowed, why = device.verify_is_allowed() if device else (True, None)
    if allowed or not why:
        return 0
    return max(1, int((why["locked_until"] - at).total_seconds()) + 1)


def codes_left(*, user: User) -> int:
    return BackupCode.objects.filter(user=user).count()


def renew_codes(*, user: User, typed: str) -> list[str]:
    """Replace the backup codes and return the new ones. Raises WrongCode."""
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
    """Remove the second factor of a user who has lost the device; the caller checks the rights."""
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
    """Return the hash of a backup code; its fifty random bits need no slow hash."""
    plain = "".join(typed.lower().split()).replace("-", "")
    return hashlib.sha256(f"{user.pk}:{plain}".encode()).hexdigest()


def _digits(typed: str) -> str:
    plain = "".join(typed.split())
    return plain if plain.isascii() and plain.isdigit() else ""


def _wrong() -> WrongCode:
    return WrongCode(_("This code is not right, or was used already. Wait for the next one."), field="code")
