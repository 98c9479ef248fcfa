"""When two spellings name the same bank voucher."""

from unicodedata import category, normalize

MAX_KEY_CHARACTERS = 76


def voucher_key(typed: str) -> str:
    """Return the letters and digits of a voucher's number, folded: "ａbc-0 1" is "abc01".

    Width, case, spaces, dashes and invisible characters differ between a bank's slip, a person's typing
    and a system's export, and make no other voucher. "" if nothing is left.
    """
    return "".join(char for char in normalize("NFKC", typed).casefold() if category(char)[0] in "LN")
