"""Who may pass: runs before every view, and asks the registry (addresses.py). R: A1, A2, A4, A6.

Somebody else's company and one that doesn't exist are the same 404. An employee of the company
gets a page that names its console admins; an admin whose role doesn't reach is told so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial, wraps
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, get_script_prefix, get_urlconf, path, reverse
from django.utils.translation import gettext as _

from groupco import queries as groups
from groupco.choices import Role
from products import queries as products
from products.choices import State
from workplace_console.addresses import ADMINS, Address, Who, Whos
from workplace_console.api import gate
from workplace_console.api.calls import ApiAddress
from workplace_console.common import accesses, clock
from workplace_console.common.accesses import Way
from workplace_console.common.audit import Actor
from workplace_console.common.refusal import Refused
from workplace_console.pages import closed, password_again
from workplace_console.pages.client import client_address
from workplace_console.pages.request import (
    CompanyRequest,
    ConsoleRequest,
    GuardedRequest,
    HostRequest,
)

Answer = HttpResponseBase
Known = dict[str, Address]

_GUARDED: set[object] = set()


def api_map(addresses: Sequence[ApiAddress]) -> list[URLPattern]:
    """The declared addresses of the API as Django's url patterns, each behind its gate."""
    views = [gate.guarded(address, addresses) for address in addresses]
    _GUARDED.update(views)
    return [
        path(address.route, view, name=address.name)
        for address, view in zip(addresses, views, strict=True)
    ]


def site_map(addresses: Sequence[Address]) -> list[URLPattern]:
    """The declared addresses as Django's url patterns, each behind the guard."""
    known = {address.name: address for address in addresses}
    return [
        path(address.route, _guarded(address, known), name=address.name) for address in addresses
    ]


def _guarded(address: Address, known: Known) -> Callable[..., Answer]:
    @wraps(address.view)
    def answer(request: HttpRequest, **parts: Any) -> Answer:
        if request.method not in address.methods:
            return HttpResponseNotAllowed(address.methods)
        guarded = cast(GuardedRequest, request)
        guarded.today, guarded.reason = clock.today(), ""
        try:
            response = _stop(guarded, address, known, parts)
            if response is None:
                response = address.view(guarded, **parts)
                _note(guarded, address, response)
        except Refused as no:
            response = closed.refused(guarded, no)
        return response if address.is_open else _not_kept(response)

    _GUARDED.add(answer)
    return answer


def _not_kept(response: Answer) -> Answer:
    """Pages of the signed-in are kept nowhere: not by a proxy, nor for whoever presses Back on this
    computer after they have signed out."""
    response.setdefault("Cache-Control", "private, no-store")
    return response


def is_guarded(view: object) -> bool:
    """Whether a view stands behind the guard, or behind the gate of the API."""
    return view in _GUARDED


def _note(request: GuardedRequest, address: Address, shown: Answer) -> None:
    """Write down who is shown people's data, before it leaves. R: H2."""
    if address.noted is None or shown.status_code != HTTPStatus.OK or request.method == "HEAD":
        return
    if address.noted is Way.TAKEN and not shown.has_header("Content-Disposition"):
        return  # it asks why
    asked = cast(CompanyRequest, request)
    accesses.note(
        asked.company.pk,
        address.name,
        address.noted,
        reason=request.reason,
        today=request.today,
        by=request.by,
    )


def _stop(
    request: GuardedRequest, address: Address, known: Known, parts: dict[str, Any]
) -> Answer | None:
    """An answer for those who may not pass; None for those who may."""
    wanted = address.writes if request.method == "POST" else address.reads
    request.link = partial(_link, None)
    if Who.ANYONE in wanted:
        return None
    if not request.user.is_authenticated:
        return _to_login(request)
    request.by = Actor.user(request.user.pk, address=client_address(request))
    if Who.SIGNED_IN in wanted:
        return _stop_unsure(request, address)
    if request.company_of_host:
        capacities = _at_company_host(cast(HostRequest, request))
        if capacities is None:
            return _to_login(request)
    else:
        capacities = _at_console(cast(ConsoleRequest, request), parts.pop("company"))
    request.may = lambda name: bool(capacities & known[name].writes)
    return _stop_at_company(cast(CompanyRequest, request), address, wanted, capacities)


def _to_login(request: HttpRequest) -> Answer:
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        messages.info(request, _("로그인이 끝났습니다. 이어서 하려면 다시 로그인하세요."))
    return redirect_to_login(request.get_full_path(), reverse("login"))


def _stop_at_company(
    request: CompanyRequest, address: Address, wanted: Whos, capacities: Whos
) -> Answer | None:
    if not request.standing.is_active and (
        stop := _stop_after_the_end(request, address, is_admin=bool(capacities & ADMINS))
    ):
        return stop
    if not capacities & wanted:
        is_employee = Who.EMPLOYEE in capacities and not request.company_of_host
        return closed.not_an_admin(request) if is_employee else closed.role_does_not_reach(request)
    return _stop_unsure(request, address)


def _stop_unsure(request: GuardedRequest, address: Address) -> Answer | None:
    """Before what matters most: the second factor, and who it is, once more."""
    if request.method != "POST":
        return None
    if address.grave and (needed := password_again.ask_for_second(request)):
        return needed
    return password_again.ask_if_stale(request) if address.fresh else None


def _stop_after_the_end(
    request: CompanyRequest, address: Address, *, is_admin: bool
) -> Answer | None:
    """Console admins get to what is left to them, and are led there: the bills and the undo of a
    terminated company, the conversion of an expired one. R: G3, G5."""
    is_terminated = request.standing.state is State.TERMINATED
    is_left = address.after_end if is_terminated else address.after_expiry
    if not (is_admin and request.standing.opens_for_admins):
        return closed.blocked(request)
    if is_left:
        return None
    # Who sends the form of the end a second time is led where the first was, however late.
    is_done = is_terminated and address.name == "terminate"
    if request.method == "POST" and not is_done:
        return closed.blocked(request)
    return redirect(request.link("ended" if is_terminated else "convert"))


def _at_console(request: ConsoleRequest, company_id: str) -> Whos:
    """The capacities at a company's console. Raises Http404 for a company that isn't the user's."""
    request.admin_of = groups.admin_of(request.user.pk)
    mine = next((admin for admin in request.admin_of if admin.company_id == company_id), None)
    if mine:
        request.admin, request.unread = mine, None
        request.role = Role(mine.role)
        request.company = mine.company
        capacities = frozenset({Who(mine.role)})
    else:
        employee = groups.employee_of(request.user.pk, company_id, request.today)
        if employee is None:
            raise Http404
        request.company = employee.company
        capacities = frozenset({Who.EMPLOYEE})
    _read_standing(request)
    request.base_template, request.shows_won = "console.html", True
    request.link = partial(_link, company_id)
    return capacities


def _at_company_host(request: HostRequest) -> Whos | None:
    """The capacities at a company's own host; None when the session is no good there any more."""
    company_id = request.company_of_host or ""
    employee = groups.employee_of(request.user.pk, company_id, request.today)
    if employee is None:
        logout(request)
        return None
    request.employee = employee
    request.company = employee.company
    _read_standing(request)
    if not request.standing.is_active:
        logout(request)
        return None
    request.base_template, request.shows_won = "plain.html", False
    admin = {Who.WORKPLACE_ADMIN} if employee.is_workplace_admin else set()
    return frozenset({Who.EMPLOYEE} | admin)


def _read_standing(request: CompanyRequest) -> None:
    standing = products.standing(request.company.pk, request.today)
    if standing is None:
        raise Http404
    request.standing = standing


def _link(company_id: str | None, name: str, **parts: Any) -> str:
    """The address of a page for the company at hand, at the host at hand."""
    if parts:
        return reverse(name, kwargs=parts | ({"company": company_id} if company_id else {}))
    return _plain_link(get_script_prefix(), get_urlconf(), company_id, name)


@lru_cache(maxsize=4096)
def _plain_link(_prefix: str, urlconf: str | None, company_id: str | None, name: str) -> str:
    """Each page shows some twenty of its company's, the menu's among them."""
    return reverse(name, urlconf, kwargs={"company": company_id} if company_id else {})
