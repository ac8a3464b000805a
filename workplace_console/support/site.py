"""The support site: what is on it, in what order, and who gets in. R: A6."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workplace_console.common.refusal import Refused
from workplace_console.pages import closed, door, password_again
from workplace_console.support.base import Records
from workplace_console.support.bills import Invoices, day_charges, last_close
from workplace_console.support.companies import Companies
from workplace_console.support.evidence import Evidences
from workplace_console.support.groups import Applications, Groups
from workplace_console.support.jobs import JobRuns, ParkedCompanies
from workplace_console.support.ledger import sales_ledger
from workplace_console.support.mail import Mails
from workplace_console.support.payments import Holidays, Payments, receivables
from workplace_console.support.prices import Prices
from workplace_console.support.records import Accesses, AuditEntries, Deletions, Notices
from workplace_console.support.request import enter
from workplace_console.support.soundness import soundness
from workplace_console.support.tokens import Tokens
from workplace_console.support.users import Users

METHODS: Final = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class Page:
    """A page of the site that is no list of rows: its address and its words."""

    name: str
    route: str
    label: Promise
    view: Callable[..., HttpResponse]


@dataclass(frozen=True)
class Section:
    """What stands together in the menu and on the first page."""

    name: str
    label: Promise
    entries: tuple[type[Records] | Page, ...]


SECTIONS: Final = (
    Section("companies", _("회사"), (Companies, Users, Applications, Groups, Deletions)),
    Section(
        "billing",
        _("가격과 청구"),
        (
            Prices,
            Invoices,
            Payments,
            Page("receivables", "receivables/", _("미납"), receivables),
            Holidays,
            Evidences,
            Page("sales_ledger", "sales-ledger/", _("매출장"), sales_ledger),
            Page("last_close", "last-close/", _("마지막 마감"), last_close),
            Page("day_charges", "day-charges/", _("일별 이용"), day_charges),
        ),
    ),
    Section("mail", _("메일과 알림"), (Mails, Notices)),
    Section(
        "operation",
        _("운영"),
        (
            JobRuns,
            ParkedCompanies,
            Page("self_check", "self-check/", _("자체 점검"), soundness),
            AuditEntries,
            Accesses,
            Tokens,
        ),
    ),
)


class SupportSite(AdminSite):
    """Django admin without its own sign-in, its own forms and its own history."""

    site_title = _("WORKPLACE 고객지원")
    site_header = _("WORKPLACE 고객지원")
    index_title = _("고객지원")
    index_template = "support/index.html"
    site_url = None

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        for section in SECTIONS:
            for entry in section.entries:
                if not isinstance(entry, Page):
                    self.register(entry.of, entry)

    def register(
        self, model_or_iterable: Any, admin_class: type[Any] | None = None, **options: Any
    ) -> None:
        """Take nothing that could write past the operations."""
        if admin_class is None or not issubclass(admin_class, Records):
            raise ImproperlyConfigured(f"{model_or_iterable}: not one of support's Records")
        super().register(model_or_iterable, admin_class, **options)

    # --- Who gets in ---------------------------------------------------------------------------

    def admin_view(  # type: ignore[override]
        self,
        view: Callable[..., HttpResponseBase],
        cacheable: bool = False,  # noqa: FBT001, FBT002
    ) -> Callable[..., HttpResponseBase]:
        """Staff only, with a second factor where settings say so; others go to the console's own
        sign-in, or are told no. R: A6."""
        inner = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("login"))
            if not self.has_permission(request):
                raise PermissionDenied
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            if needed := password_again.ask_for_second(request):
                return needed
            _refuse_nul(request, kwargs)
            try:
                return inner(enter(request), *args, **kwargs)
            except Refused as no:
                return closed.refused(request, no)

        return answer

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect_to_login(reverse("admin:index"), reverse("login"))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return door.logout(request)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("account")

    # --- What is there -------------------------------------------------------------------------

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Only what is named here: no history, no autocompletion, no way by content type."""
        own = [
            ("", "index", self.index),
            ("login/", "login", self.login),
            ("password/", "password_change", self.password_change),
            *((page.route, page.name, self._drawn(page)) for page in _pages()),
        ]
        urls: list[URLResolver | URLPattern] = [
            path("logout/", self.logout, name="logout"),  # whoever may come in or not
            *(path(route, self.admin_view(view), name=name) for route, name, view in own),
        ]
        for model, records in self._registry.items():
            noun = f"{model._meta.app_label}/{model._meta.model_name}/"
            urls.append(path(noun, include(records.urls)))
        return urls

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu, in our order and words; nothing is asked of the database."""
        return [
            {
                "name": section.label,
                "app_label": section.name,
                "models": [self._entry(request, entry) for entry in section.entries],
            }
            for section in SECTIONS
        ]

    def _entry(self, request: HttpRequest, entry: type[Records] | Page) -> dict[str, Any]:
        if isinstance(entry, Page):
            return {"name": entry.label, "admin_url": reverse(f"admin:{entry.name}")}
        records = self._registry[entry.of]
        return {
            "name": entry.title,
            "admin_url": records.list_url(),  # type: ignore[attr-defined]
            "may_write": records.may_write(request),  # type: ignore[attr-defined]
        }

    def _drawn(self, page: Page) -> Callable[..., HttpResponse]:
        def view(request: Any) -> HttpResponse:
            frame = self.each_context(request) | {"title": page.label}
            answer = page.view(request)
            if isinstance(answer, TemplateResponse):
                answer.context_data = frame | (answer.context_data or {})
            return answer

        return view


def _pages() -> list[Page]:
    return [entry for section in SECTIONS for entry in section.entries if isinstance(entry, Page)]


def _refuse_nul(request: HttpRequest, parts: dict[str, Any]) -> None:
    """A NUL is in no text of ours, and PostgreSQL takes none: what asks for one is not found."""
    asked = [value for values in request.GET.lists() for value in (values[0], *values[1])]
    if any("\0" in str(value) for value in (*asked, *parts.values())):
        raise Http404
