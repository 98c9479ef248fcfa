"""A provider of certified signatures for tests: it signs what it is asked, with a shared secret."""

from __future__ import annotations

import json
from collections.abc import Mapping

from alliance.providers import CertifiedSignature, InvalidCallback, SignatureStarted, SignatureWanted

SECRET = "only a test knows it"
WANTED: list[SignatureWanted] = []


class FakeProvider:
    code = "test-ca"
    label = "Test CA"

    def request(self, wanted: SignatureWanted) -> SignatureStarted:
        WANTED.append(wanted)
        reference = f"ref-{wanted.digest[:8]}-{wanted.party}"
        return SignatureStarted(reference, f"https://ca.example/sign/{len(WANTED)}")

    def read_callback(self, body: bytes, headers: Mapping[str, str]) -> CertifiedSignature:
        if headers.get("X-Secret") != SECRET:
            raise InvalidCallback("not from the provider", field="signature")
        return CertifiedSignature(**json.loads(body))
