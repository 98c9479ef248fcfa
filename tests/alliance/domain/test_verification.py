from uuid import UUID

from alliance.domain.verification import read_verification_code, verification_code

TENANT = UUID("01a2304b-e341-756f-8638-35ea784a98b9")


def test_a_code_is_read_as_it_was_made():
    code = verification_code(TENANT, "ab" * 32)
    assert len(code) == 64
    assert read_verification_code(code) == (TENANT, "ab" * 16)


def test_anything_else_is_no_code():
    for wrong in ("", "x", "0" * 63, "0" * 65, "G" * 64, "0" * 64 + "\n"):
        assert read_verification_code(wrong) is None
