"""The component gallery: each component once with its states, for developers of screens."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ui.web.typed_input import AmountField

SWATCHES = (
    "ground",
    "surface",
    "inset",
    "line",
    "ctl",
    "ink",
    "ink-2",
    "ink-3",
    "teal",
    "teal-h",
    "teal-p",
    "teal-t",
    "good",
    "warn",
    "bad",
    "info",
    "teal-b",
    "teal-m",
    "line-2",
    "track",
    "good-t",
    "warn-t",
    "bad-t",
    "info-t",
)
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Sample(forms.Form):
    """A form with a field of each type; the second field is invalid on purpose."""

    name = forms.CharField(label=gettext_lazy("Member's name"), initial="四会陈记调味批发部")
    uscc = forms.CharField(label=gettext_lazy("Unified social credit code"), max_length=18, min_length=18)
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), choices=[("441284", "四会市"), ("441202", "端州区")]
    )
    spread = AmountField(label=gettext_lazy("Guaranteed spread"), initial="6.00")
    code = forms.CharField(label=gettext_lazy("Contract"), initial="C-0412 v2", disabled=True)
    taxed = forms.BooleanField(label=gettext_lazy("with tax"), initial=True, required=False)


def kit(request: HttpRequest) -> HttpResponse:
    form = Sample(
        {
            "name": "四会陈记调味批发部",
            "uscc": "91441284MA4W2K7X3",
            "region": "441284",
            "spread": "6.00",
            "taxed": "on",
        }
    )
    return render(request, "kit/page.html", {**_facts(), "form": form, "swatches": SWATCHES})


def _facts() -> dict[str, Any]:
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 7, day, hour, minute, tzinfo=SHANGHAI)

    return {
        "badges": [
            {"text": _("met"), "mood": "good", "icon": "circle-check"},
            {"text": _("at risk"), "mood": "warn", "icon": "alert-triangle"},
            {"text": _("not met"), "mood": "bad", "icon": "alert-octagon"},
            {"text": _("notified"), "mood": "info", "icon": "info-circle"},
            {"text": _("not measured"), "mood": "", "icon": "circle-dashed"},
            {"text": "坎级 −2.5%", "mood": "teal", "icon": ""},
        ],
        "events": [
            {"title": _("placed"), "who": "梁敏", "at": at(16, 14, 35), "note": "DD-260716-0412"},
            {"title": _("confirmed"), "who": "林晓彤", "at": at(16, 15, 10), "note": "41,337.56"},
            {
                "title": _("shipped in part"),
                "who": "",
                "at": at(17, 9, 20),
                "note": "466 / 505",
                "state": "now",
            },
            {"title": _("delivered"), "who": "", "at": None, "note": "", "state": "open"},
        ],
        "why": {
            "title": "金标生抽 · 120",
            "value": "75.3700",
            "unit": "CNY",
            "badge": {"text": _("within the limits"), "mood": "good", "icon": "circle-check"},
            "rows": [
                {"label": _("Price list"), "value": "78.0000", "note": "PL-2607-HX v3"},
                {"label": "坎级 −2.5%", "value": "−1.9500", "mood": "good"},
                {"label": "满减", "value": "−0.6800", "mood": "good"},
            ],
        },
        "steps": {
            "title": _("12 more cases to the next step"),
            "note": "288 / 300",
            "width": "72",
            "marks": [
                {"at": "50", "label": "200", "gives": "2.5%"},
                {"at": "75", "label": "300", "gives": "4%", "next": True},
            ],
        },
        "split": {
            "title": _("Available credit after this order"),
            "value": "104,603.94",
            "parts": [
                {"kind": "used", "at": "0", "width": "51.4", "label": _("used")},
                {"kind": "main", "at": "52", "width": "13.8", "label": _("this order")},
            ],
            "note": "300,000.00",
        },
        "chart": {
            "id": "sample-chart",
            "title": _("Delivered by month"),
            "heads": [_("Month"), _("Amount")],
            "rows": [["5", "3,910.2"], ["6", "4,013.5"], ["7", "4,286.4"]],
            "data": {
                "xAxis": {"type": "category", "data": ["5", "6", "7"]},
                "yAxis": {"type": "value"},
                "series": [{"type": "bar", "data": [3910.2, 4013.5, 4286.4], "barMaxWidth": 32}],
            },
        },
        "kpis": [
            {
                "label": _("Guarantees met"),
                "value": "98.9",
                "unit": "%",
                "note": "−0.3",
                "mood": "warn",
                "icon": "trending-down",
            },
            {
                "label": _("Delivered this month"),
                "value": "4,286.4",
                "unit": "",
                "note": "+6.8%",
                "mood": "good",
                "icon": "trending-up",
                "spark": "3,24 20,18 37,20 53,9 69,4",
            },
        ],
    }
