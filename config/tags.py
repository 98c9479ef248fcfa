"""What every template may use: icons, amounts."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from django import template
from django.conf import settings
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
MINUS = "\N{MINUS SIGN}"


@register.simple_tag
@cache
def icon(name: str, size: int = 20) -> SafeString:
    """A Tabler icon in the text's colour, hidden from screen readers: a word stands beside it."""
    file = settings.NODE_MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
    drawing = INNER.search(file.read_text("utf-8")) if file.exists() else None
    inner = drawing.group(1) if drawing else ""
    return mark_safe(  # noqa: S308 the icon package's own file, named by a template
        f'<svg class="tp-icon" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true" focusable="false">{inner}</svg>'
    )


@register.filter
def amount(value: Decimal | int | None, places: int = 2) -> str:
    """Two decimals, thousands grouped, a real minus; a dash where there is nothing."""
    if value is None:
        return "—"
    return number_format(value, places, use_l10n=True, force_grouping=True).replace("-", MINUS)


@register.filter
def whole(value: int | None) -> str:
    return amount(value, 0)
