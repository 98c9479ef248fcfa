"""A text field that offers what it finds while a person types: a name with its code in brackets."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

_CODE = re.compile(r"[(\uff08]([^()\uff08\uff09]+)[)\uff09]\s*$")


class PickInput(forms.TextInput):
    """An input of which the page `url` returns the offers, a list of `kit/picks.html`.

    The page has the script `js/pick.js`. The offers are asked for with `kind` and the name of the field.
    """

    def __init__(self, url: str, kind: str) -> None:
        super().__init__({"data-pick": "", "autocomplete": "off", "role": "combobox"})
        self.url, self.kind = reverse_lazy(url), kind

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        offers = f"{name}-picks"
        more = {
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-controls": offers,
            "hx-get": f"{self.url}?kind={self.kind}&name={name}",
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "next .tp-picks",
        }
        field = super().render(name, value, (attrs or {}) | more, renderer)
        picks = format_html('<ul class="tp-picks" role="listbox" id="{}" aria-label="{}"></ul>', offers, name)
        return format_html('<div class="tp-pick">{}{}</div>', field, picks)


def code_in_brackets(text: str) -> str:
    """Return the code of a picked text: "441302" of “惠州市惠城区 (441302)”; otherwise the text."""
    found = _CODE.search(text)
    return found[1].strip() if found else text.strip()
