"""Providers of certified signatures. SIGNATURE_PROVIDERS names their classes; without one, people click.

A provider (an e-signature platform with certificates) is a class as SignatureProvider. The built-in way is
a click of a person who is signed in: it needs no provider, because the platform itself is the witness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from kernel.refusals import Refusal

CLICK = "click"


class InvalidCallback(Refusal):
    """What a provider sent is not signed by it, or names no signature."""

    code = "invalid_callback"


@dataclass(frozen=True, slots=True)
class SignatureWanted:
    """What the provider is asked to have signed: the hash of a text, by a person for a party."""

    contract: str
    digest: str
    party: str
    person: str
    callback_url: str
    return_url: str


@dataclass(frozen=True, slots=True)
class SignatureStarted:
    """The provider's number of the signature, and the address at which the person signs."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class CertifiedSignature:
    """A signature that the provider certifies: its number, the hash signed and the certificate's id."""

    reference: str
    digest: str
    certificate: str


class SignatureProvider(Protocol):
    """A provider of certified signatures."""

    code: str
    label: str

    def request(self, wanted: SignatureWanted) -> SignatureStarted:
        """Start a signature."""

    def read_callback(self, body: bytes, headers: Mapping[str, str]) -> CertifiedSignature:
        """Return the signature that a callback certifies. Raise InvalidCallback if it proves nothing."""


def signature_providers() -> dict[str, SignatureProvider]:
    """Return the providers of this installation by their code."""
    return {one.code: one for one in map(_instance_of, settings.SIGNATURE_PROVIDERS)}


@cache
def _instance_of(path: str) -> SignatureProvider:
    provider: SignatureProvider = import_string(path)()
    return provider
