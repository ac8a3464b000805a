"""Every part of the pages once, in every state, for those who build them. Only with DEBUG."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpResponse
from django.shortcuts import render

from groupco.choices import Topic
from groupco.rules import ChartLine
from products.choices import Alert, Plan, State, StorageCategory
from products.queries import Capacity
from workplace_console.common import clock, sizes
from workplace_console.common.forms import ConsoleForm, DayInput
from workplace_console.pages import charts, gauge, tree
from workplace_console.pages.address_forms import AddressesForm
from workplace_console.pages.request import GuardedRequest

TONES: Final = ("ok", "warn", "bad", "info")
MONTHS: Final = ("Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
LONG: Final = "A very long name of a company that nobody would have thought of " * 2


class SampleForm(ConsoleForm):
    name = forms.CharField(label="Name", help_text="A hint stands below.")
    day = forms.DateField(label="Day", widget=DayInput)
    plan = forms.ChoiceField(label="Plan", choices=[("1", "One"), ("2", "Two")])
    many = forms.IntegerField(label="Number", min_value=1)


def styleguide(request: GuardedRequest) -> HttpResponse:
    """Not there in earnest: a 404 as of an address that doesn't exist."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "styleguide.html", _samples())


def _samples() -> dict[str, Any]:
    today = clock.today()
    wrong = SampleForm({"name": "", "day": "tomorrow", "plan": "3", "many": "0"})
    wrong.add_error(None, "The whole form is wrong, too.")
    return {
        "tones": TONES,
        "long": LONG,
        "today": today,
        "days": [today, today + timedelta(days=8), today + timedelta(days=400)],
        "states": [(state.value, 12 if state is State.TRIAL else None) for state in State],
        "settlements": ["settled", "open", "overdue"],
        "gauges": [gauge.shared(_capacity(gb)) for gb in (0, 300, 600, 900)],
        "month_chart": charts.month_chart(
            [40_000 * day for day in range(1, 31)], known_days=20, projected_total=1_320_000
        ),
        "stack_chart": charts.stack_chart(
            MONTHS, [[0, 500_000, 600_000, 700_000, 700_000, 10**9], [0, 0, 90_000, 90_000, 0, 0]]
        ),
        "line_chart": charts.line_chart(
            MONTHS, [0, 4, 7, 7, 9, 12], ["0", "4", "7", "7", "9", "12"]
        ),
        "steps": [
            SimpleNamespace(label=label, is_done=at < 1, is_current=at == 1)
            for at, label in enumerate(("Done", "Now", "To come"))
        ],
        "tabs": [
            SimpleNamespace(label=label, url="#tabs", is_current=label == "This one")
            for label in ("This one", "Another", "A third")
        ],
        "branches": _branches(),
        "papers": [_paper("Applied for", "info"), _paper("Refused", "bad", reason="Wrong number")],
        "form": SampleForm(),
        "wrong": wrong,
        "done": [
            Message(messages.SUCCESS, "Done: the past tense, in a sentence."),
            Message(messages.ERROR, "Not done, and what to do about it."),
        ],
        "addresses": AddressesForm(None, told={"books@acme.example": frozenset(list(Topic)[:1])}),
    }


def _capacity(gb: int) -> Capacity:
    """A company with 700 GB, of which each category but one uses a part."""
    parts = (gb // 2, gb // 4, gb // 4, 0)
    used = {
        category: part * sizes.GB for category, part in zip(StorageCategory, parts, strict=True)
    }
    return Capacity(Plan.WORKPLACE, 188, 0, None, 0, used, Alert.NONE)


def _branches() -> list[tree.Branch]:
    """A chart of a company, one of its departments open, and a label."""
    lines = [
        ChartLine("acme", None, "Acme", 0, is_label=False, has_children=True),
        ChartLine("acme", 1, "Development", 1, is_label=False, has_children=True),
        ChartLine("acme", 2, "Platform", 2, is_label=False, has_children=False),
        ChartLine("acme", 3, LONG, 1, is_label=False, has_children=False),
        ChartLine("other", None, "Another company", 0, is_label=True, has_children=False),
    ]
    return tree.branches(lines, lines[2], lambda key: f"#{key}")


def _paper(state: str, tone: str, *, reason: str = "") -> SimpleNamespace:
    """Evidence for a payment, as far as it has come."""
    return SimpleNamespace(
        what="Cash receipt",
        for_whom="010-****-5678",
        state=state,
        tone=tone,
        reason=reason,
        on=clock.today(),
        number="",
        total=88_000,
        may_withdraw=False,
        pk=1,
    )
