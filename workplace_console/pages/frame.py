"""What stands around every console page: menu, companies, days left, unread notices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from groupco.models import Company
from products.choices import State
from products.rules import Standing
from workplace_console import hosts, navigation
from workplace_console.common import messages
from workplace_console.pages.request import ConsoleRequest


@dataclass(frozen=True)
class Choice:
    """A company in the switcher."""

    company: Company
    is_current: bool

    @property
    def id(self) -> str:
        return self.company.pk

    @property
    def name(self) -> str:
        return self.company.name


class Frame:
    """Read while a page is drawn: at most one query, for the unread notices."""

    def __init__(self, request: ConsoleRequest) -> None:
        self._request = request

    @property
    def standing(self) -> Standing:
        return self._request.standing

    @property
    def trial_days_left(self) -> int | None:
        """The free days that are left, today's among them; None out of trial. R: B1."""
        return trial_days_left(self.standing)

    @property
    def companies(self) -> list[Choice]:
        here = self._request.company.pk
        return [Choice(a.company, a.company_id == here) for a in self._request.admin_of]

    @cached_property
    def unread(self) -> int:
        if self._request.unread is not None:
            return self._request.unread
        admin = self._request.admin
        return messages.unread(admin.company_id, after=admin.notices_read_to)

    @property
    def nav(self) -> SafeString:
        return navigation.menu(self._request, unread=self.unread)

    @property
    def host(self) -> str:
        """The company's own host, for its employees."""
        return hosts.address_of(self._request.company.pk)


def trial_days_left(standing: Standing) -> int | None:
    if standing.state not in (State.TRIAL, State.RESERVED):
        return None
    return (standing.free_until - standing.day).days + 1


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context: `frame` on pages of the console, nothing elsewhere."""
    if not hasattr(request, "admin"):
        return {}
    return {"frame": SimpleLazyObject(lambda: Frame(request))}  # type: ignore[arg-type]
