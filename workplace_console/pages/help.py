"""도움말: the guide's answers, found by topic or by words. R: H5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from products import rules
from products.choices import Plan
from workplace_console import hosts
from workplace_console.common import sizes, words
from workplace_console.common.forms import ConsoleForm
from workplace_console.help import search
from workplace_console.help.articles import ARTICLES, TOPICS, Article, Place
from workplace_console.pages.request import ConsoleRequest

# An example, the same on whatever day it is read: 100 users for 30 days, one more for 15.
EXAMPLE_PRICE: Final = 5_000
EXAMPLE_USER_DAYS: Final = 100 * 30 + 15


class AskForm(ConsoleForm):
    q = forms.CharField(label=_("찾을 말"), max_length=100, required=False)


@dataclass(frozen=True)
class Hit:
    """An article that was found, and the piece that shows why."""

    article: Article
    found: search.Found


def help_(request: ConsoleRequest) -> HttpResponse:
    """All articles by topic, or those that hold what was asked for."""
    form = AskForm(request.GET)
    asked = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context: dict[str, Any] = {"form": form, "asked": asked, "topics": TOPICS}
    if asked:
        texts = [_text(article, request) for article in ARTICLES.values()]
        context["hits"] = [Hit(ARTICLES[found.key], found) for found in search.find(texts, asked)]
    return render(request, "console/help.html", context)


def help_article(request: ConsoleRequest, slug: str) -> HttpResponse:
    """One answer, where to do what it says, and what else might be asked."""
    article = ARTICLES.get(slug)
    if article is None:
        raise Http404
    context = {
        "article": article,
        "body": _body(article, request),
        "places": [(place.label, request.link(place.name)) for place in _open(article, request)],
        "related": [ARTICLES[other] for other in article.related],
    }
    return render(request, "console/help_article.html", context)


def _open(article: Article, request: ConsoleRequest) -> list[Place]:
    """The pages that can be opened: of a terminated company its bills alone. R: G5."""
    if request.standing.is_active:
        return list(article.places)
    return [place for place in article.places if place.name == "bills"]


def _text(article: Article, request: ConsoleRequest) -> search.Text:
    return search.Text(
        article.slug,
        str(article.title),
        str(article.summary),
        strip_tags(_body(article, request)),
        str(article.also),
    )


def _body(article: Article, request: ConsoleRequest) -> str:
    """The article as HTML, in the language of the page, with the figures that hold here."""
    folder = "help/en" if words.is_english() else "help"
    return render_to_string(f"{folder}/{article.slug}.html", _facts(request.company.pk))


def _facts(company: str) -> dict[str, Any]:
    """Figures from where they are decided, so that no article can contradict the console."""
    amount = EXAMPLE_PRICE * EXAMPLE_USER_DAYS // 30
    vat = amount // 10
    return {
        "company": company,
        "host": hosts.address_of(company),
        "trial_days": settings.TRIAL_DAYS,
        "grace_days": settings.DELETION_GRACE_DAYS,
        "backup_days": settings.BACKUP_RETENTION_DAYS,
        "low_percent": settings.LOW_CAPACITY_PERCENT,
        "most_tb": rules.MOST_TB,
        "capacities": [_capacity(plan) for plan in Plan],
        "zero": words.won(0),
        "example": {
            "price": words.won(EXAMPLE_PRICE),
            "quantity": words.number(EXAMPLE_USER_DAYS),
            "amount": words.won(amount),
            "vat": words.won(vat),
            "total": words.won(amount + vat),
        },
    }


def _capacity(plan: Plan) -> dict[str, str]:
    """What comes with a plan, before 1 GB for each account. R: D1."""
    line_works = rules.LINE_WORKS_CAPACITY.get(plan)
    return {
        "plan": str(plan.label),
        "workplace": sizes.in_words(rules.BASE_CAPACITY[plan]),
        "line_works": sizes.in_words(line_works) if line_works else words.NOTHING,
    }
