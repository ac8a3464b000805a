"""The one kind of page that the support site has: a list of rows, and a page for each of them.

Nothing here writes, and nothing of Django admin's that writes has an address: no form of a model,
no deletion, no actions. A page on which staff does something overrides `page` (or `create`) and
calls an operation, so the rules, the audit log and the mails are those of the console.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from groupco.choices import StaffRole
from workplace_console.common import accesses, words
from workplace_console.common.accesses import Way
from workplace_console.common.words import NOTHING
from workplace_console.pages import password_again
from workplace_console.support.request import StaffRequest

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    AnyPaginator = Paginator[Any]
else:
    ModelAdmin = admin.ModelAdmin
    AnyPaginator = Paginator

Words = str | Promise

# How far back a list can be leafed through; what is older is found by searching.
MOST_COUNTED = 10_000
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Fact:
    """A line of a page: a name and its value, which may lead somewhere."""

    label: Words
    value: Any
    url: str = ""


@dataclass(frozen=True)
class Table:
    """Rows below the facts; the columns in `figures` (counted from 0) are figures."""

    title: Words
    heads: Sequence[Words]
    rows: Sequence[Sequence[Any]]
    figures: frozenset[int] = frozenset()
    empty: Words = NOTHING


@dataclass(frozen=True)
class Act:
    """A button: what is posted as `act`, and its word."""

    value: str
    label: Words
    is_grave: bool = False


@dataclass(frozen=True)
class Task:
    """What can be done on a page: fields, if any, and buttons."""

    title: Words
    form: forms.Form
    acts: Sequence[Act]
    says: Words = ""


def column(label: Words, value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A column of a list: its head, and what it shows of a row."""

    def shown(row: Any) -> Any:
        found = value(row)
        return NOTHING if found is None or found == "" else found

    shown.__name__ = value.__name__
    return admin.display(description=label)(shown)  # type: ignore[arg-type]


def won_column(label: Words, value: Callable[[Any], int | None]) -> Callable[[Any], Any]:
    """A column of amounts in won, one below another at the right (support.css)."""

    def won(row: Any) -> str | None:
        amount = value(row)
        return None if amount is None else words.won(amount)

    return column(label, won)


class Bounded(AnyPaginator):
    """Counts no further than a list can be leafed through: no COUNT over a whole log."""

    most = MOST_COUNTED

    @cached_property
    def count(self) -> int:
        found: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return found.order_by().values("pk")[: self.most].count()


class RecordList(ChangeList):
    """Always in the order of its noun, and with what its columns need read at once."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return list(self.model_admin.ordering or ("-pk",))

    def url_for_result(self, result: Any) -> str:
        self.pk_attname = self.model_admin.named_by or self.pk_attname  # type: ignore[attr-defined]
        return super().url_for_result(result)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        self.model_admin.complete(rows, request)  # type: ignore[attr-defined]
        self.result_list = rows


class WordFilter(admin.SimpleListFilter):
    """A filter by a word out of a short list that is known beforehand."""

    column: ClassVar[str]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {str(value) for value, _label in self.lookup_choices}:
            return queryset.filter(**{self.column: self.value()})
        return queryset


class Records(ModelAdmin):
    """A noun of the support site. Both roles read; `writers` may do what its pages offer. R: A6."""

    of: ClassVar[type[Model]]
    title: ClassVar[Words]
    # The column that an address knows one of them by, where that is not the key.
    named_by: ClassVar[str] = ""
    # What one of them is called, where that is another word.
    one: ClassVar[Words] = ""
    writers: ClassVar[frozenset[StaffRole]] = frozenset()
    # Whether a POST asks who it is once more, when that was shown long ago.
    asks_again: ClassVar[bool] = False
    # The word on the button above the list; "" where nothing can be made.
    creates: ClassVar[Words] = ""
    filters: ClassVar[tuple[type[WordFilter], ...]] = ()
    # What a row's page is called in the record of who was shown people's data; "" where it shows
    # none. Lists show none: addresses are masked there.
    noted: ClassVar[str] = ""
    # A sentence above the list.
    says: ClassVar[Words] = ""

    actions = None
    empty_value_display = NOTHING
    list_max_show_all = 0
    list_per_page = 50
    ordering: ClassVar[Any] = ("-pk",)
    paginator = Bounded
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    sortable_by = ()
    view_on_site = False
    change_list_template = "support/list.html"

    # --- Who may -----------------------------------------------------------------------------

    def may_write(self, request: HttpRequest) -> bool:
        roles: Sequence[str] = getattr(request.user, "staff_roles", ())
        return bool(self.writers.intersection(roles))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "staff_roles", ()))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self.creates) and self.may_write(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- Addresses: a list, a page for each row, and a page to make one where there is ---------

    def get_urls(self) -> list[URLPattern]:
        views: list[tuple[str, str, Any]] = [("", "changelist", self.changelist_view)]
        if self.creates:
            views.append(("add/", "add", self.add_view))
        views += self.own_views()
        views.append(("<path:object_id>/change/", "change", self.change_view))
        noun = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(route, self.admin_site.admin_view(view), name=f"{noun}_{name}")
            for route, name, view in views
        ]

    def own_views(self) -> list[tuple[str, str, Any]]:
        """Further addresses below the list: route, name, view."""
        return []

    def list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        own = {
            "title": self.title,
            "says": self.says,
            "creates": self.creates,
            "add_url": self.list_url() + "add/",
            "may_write": self.may_write(request),
        }
        return super().changelist_view(request, own | (extra_context or {}))

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.create(request)  # type: ignore[arg-type]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id), self.named_by or None)
        if row is None:
            raise Http404
        if request.method == "POST" and not self.may_write(request):
            raise PermissionDenied
        if request.method == "POST" and self.asks_again:
            asked = password_again.ask_if_stale(request)
            if asked:
                return asked
        shown = self.page(request, row)  # type: ignore[arg-type]
        if self.noted and shown.status_code == HTTPStatus.OK and request.method != "HEAD":
            self._note(request, row)  # type: ignore[arg-type]
        return shown

    def company_of(self, row: Any) -> str:
        """The id of the company that a row is about."""
        return str(row.company)

    def _note(self, request: StaffRequest, row: Any) -> None:
        """Write down that staff is shown people's data. R: H2."""
        company = self.company_of(row)
        accesses.note(company, self.noted, Way.LOOKED, today=request.today, by=request.by)

    # --- What a noun says ----------------------------------------------------------------------

    def complete(self, rows: list[Any], request: Any) -> None:
        """Put on the rows of one page what its columns show, in a fixed number of queries."""

    def facts(self, request: StaffRequest, row: Any) -> list[Fact]:
        raise NotImplementedError

    def tables(self, request: StaffRequest, row: Any) -> list[Table]:
        return []

    def page(self, request: StaffRequest, row: Any) -> HttpResponse:
        """The page of a row; where something can be done, a noun overrides this."""
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.shown(request, row)

    def create(self, request: StaffRequest) -> HttpResponse:
        """The page on which a row is made, by an operation."""
        raise NotImplementedError

    def shown(
        self, request: StaffRequest, row: Any, task: Task | None = None, **more: Any
    ) -> HttpResponse:
        context = {
            "title": self.one or self.title,
            "name": str(getattr(row, self.named_by or "pk")),
            "facts": self.facts(request, row),
            "tables": self.tables(request, row),
            "task": task,
        }
        return self.drawn(request, "support/record.html", **context | more)

    def drawn(self, request: StaffRequest, template: str, **context: Any) -> HttpResponse:
        """A page with the site's frame around it."""
        frame = self.admin_site.each_context(request)
        own = {"list_url": self.list_url(), "list_title": self.title}
        return TemplateResponse(request, template, frame | own | context)

    # --- Search: one way for each noun, so that nothing typed can make it slow ------------------

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.filters

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordList

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only the filters that the page itself offers."""
        return lookup in {spec.parameter_name for spec in self.filters}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()[:LONGEST_SEARCH]
        return (self.search(queryset, term) if term else queryset), False

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset

    # --- Django admin's own ways to write: shut ------------------------------------------------

    def _shut(self, *_args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied(_("고객지원 화면은 콘솔의 작업을 거쳐서만 바꿉니다."))

    changeform_view = delete_view = history_view = _shut
    save_form = save_model = save_formset = save_related = _shut
    delete_model = delete_queryset = construct_change_message = _shut
    log_addition = log_change = log_deletions = _shut
