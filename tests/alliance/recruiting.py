"""Applications and files for the tests of recruitment."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image
from stdnum.cn import uscc

from alliance.domain.qualification import CHECKS
from alliance.models import Application
from alliance.operations.application_files import SentFile
from alliance.operations.applying import FilledForm, applicant, apply

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
HUICHENG, GUANGZHOU = "441302", "4401"
COMPLETE = dict.fromkeys(CHECKS, True)
_next = count(1).__next__


def a_uscc() -> str:
    base = f"91441302MA{_next():07d}"
    return base + uscc.calc_check_digit(base)


def a_picture(color: str = "red", size: tuple[int, int] = (8, 8), kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, color).save(out, kind)
    return out.getvalue()


A_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def a_form(**changed: Any) -> FilledForm:
    values: dict[str, Any] = {
        "kind": "member",
        "company": "惠州老王商贸有限公司",
        "uscc": a_uscc(),
        "contact": "王建国",
        "phone": "13812345678",
        "address": "麦地路18号",
        "region": HUICHENG,
        "outlets": 120,
        "vehicles": 3,
        "warehouse": 400,
        "consent": "I agree.",
        "channels": ("零售",),
    }
    return FilledForm(**values | changed)


def an_application(
    token: str = "", files: tuple[SentFile, ...] = (), at: datetime = AT, **changed: Any
) -> Application:
    form = a_form(**changed)
    made, _is_new = apply(
        form=form, files=files, token=token or f"token-{_next()}", by=applicant(form.company), at=at
    )
    return made
