"""The console's menu, in order. A page that is not in the registry yet is not in here."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workplace_console.common.templatetags.console import icon
from workplace_console.pages.request import ConsoleRequest


@dataclass(frozen=True)
class Entry:
    """An address by name, its words, its icon, and the addresses that lie below it."""

    name: str
    label: Promise
    icon: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    label: Promise | str
    entries: tuple[Entry, ...]


HELP: Final = Entry("help", _("도움말"), "question", below=("help_article",))

MENU: Final = (
    Section("", (Entry("dashboard", _("대시보드"), "home"),)),
    Section(
        "WORKPLACE",
        (
            Entry(
                "product",
                _("상품 관리"),
                "box",
                below=("convert", "upgrade", "capacity_add", "capacity_return", "terminate"),
            ),
            Entry(
                "accounts",
                _("사용자 관리"),
                "users",
                below=("accounts_exclude", "accounts_import"),
            ),
            Entry(
                "departments",
                _("조직 관리"),
                "dept",
                below=("departments_import", "postings"),
            ),
            Entry("group", _("그룹사 정보"), "tree", below=("group_scope", "group_order")),
        ),
    ),
    Section(
        _("마이페이지"),
        (
            Entry("usage", _("서비스 이용 내역"), "ledger", below=("usage_month",)),
            Entry("trend", _("청구 내역 추세"), "trend"),
            Entry("bills", _("청구서"), "bill", below=("bill", "receipt", "documents")),
            Entry("payment", _("결제수단 관리"), "card", below=("deliveries", "payment_card")),
            Entry("quote", _("견적"), "quote"),
            Entry("budget", _("예산"), "budget"),
        ),
    ),
    Section(
        _("회사"),
        (
            Entry("company", _("회사 정보"), "company", below=("tokens",)),
            Entry("admins", _("관리자"), "key"),
            Entry("notices", _("알림"), "bell"),
            Entry("audit", _("변경 이력"), "history", below=("access",)),
            HELP,
        ),
    ),
)


# What is left to be read of a terminated company. R: G5.
AFTER_END: Final = (
    Section(
        _("마이페이지"),
        (
            Entry("ended", _("해지 기록"), "history"),
            Entry("bills", _("청구서"), "bill", below=("bill", "receipt", "documents")),
            Entry("payment", _("결제수단 관리"), "card"),
            HELP,
        ),
    ),
)

# What is left to be done for a company whose trial has expired. R: G3.
AFTER_EXPIRY: Final = (Section("WORKPLACE", (Entry("convert", _("유료 전환"), "box"),)),)


def menu(request: ConsoleRequest, *, unread: int) -> SafeString:
    """The menu for one request: links into its company, and where one is.

    Each page has it, so it is drawn here: a template would take as long as a query for it.
    """
    return mark_safe("".join(_section(section, request, unread) for section in _sections(request)))  # noqa: S308


def _section(section: Section, request: ConsoleRequest, unread: int) -> str:
    label = f"<h2>{escape(str(section.label))}</h2>" if section.label else ""
    entries = "".join(_entry(entry, request, unread) for entry in section.entries)
    return f"<div>{label}<ul>{entries}</ul></div>"


def _entry(entry: Entry, request: ConsoleRequest, unread: int) -> str:
    here = request.resolver_match.url_name if request.resolver_match else None
    current = ' aria-current="page"' if here == entry.name or here in entry.below else ""
    count = _count(unread) if entry.name == "notices" and unread else ""
    link = f'<a href="{escape(request.link(entry.name))}"{current}>'
    return f"<li>{link}{icon(entry.icon)}{escape(str(entry.label))}{count}</a></li>"


def _count(unread: int) -> str:
    """A figure by itself says nothing to who can't see where it stands."""
    told = escape(gettext("건 안 읽음"))
    return f'<span class="count">{unread}<span class="hidden-text"> {told}</span></span>'


def _sections(request: ConsoleRequest) -> tuple[Section, ...]:
    standing = request.standing
    if standing.is_active:
        return MENU
    return AFTER_EXPIRY if standing.can_convert_late else AFTER_END
