"""People as a page draws them: rows of a result or of accounts, items of a place in the chart.

Made here and not in a template, which would take a third of the page's time for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from groupco.models import Account
from groupco.queries import Someone
from workplace_console.common.templatetags.console import day

NOTHING = "–"


def rows(some: Iterable[Someone]) -> SafeString:
    """Rows of the table of results: to be picked, company, departments, title."""
    heads = [escape(head) for head in (_("회사"), _("부서"), _("직위"))]
    elsewhere = escape(_("겸직"))
    return mark_safe("".join(_row(someone, heads, elsewhere) for someone in some))  # noqa: S308


def _row(someone: Someone, heads: Sequence[str], elsewhere: str) -> str:
    main = someone.main
    further = "".join(
        f"<small>{elsewhere} {escape(place.company)} {escape(place.where)}</small>"
        for place in someone.further
    )
    email = f"<small>{escape(someone.email)}</small>" if someone.email else ""
    cells = (main.company, main.where or NOTHING, main.title or NOTHING)
    company, department, title = (
        f'<td data-label="{head}">{escape(cell)}' for head, cell in zip(heads, cells, strict=True)
    )
    return (
        f'<tr><th scope="row">{_label(someone, email)}</th>'
        f"{company}</td>{department}{further}</td>{title}</td></tr>"
    )


def accounts(held: Iterable[Account], *, to_choose: bool) -> SafeString:
    """Rows of the table of accounts: name, number, mail, since when; to be chosen, or only read."""
    heads = [escape(head) for head in (_("사번"), _("이메일"), _("등록일"))]
    return mark_safe("".join(_account(one, heads, to_choose) for one in held))  # noqa: S308


def _account(account: Account, heads: Sequence[str], to_choose: bool) -> str:  # noqa: FBT001
    who = account.employee
    called = escape(who.name or who.number)
    if to_choose:
        called = (
            f'<label class="check"><input type="checkbox" name="account" value="{account.pk}">'
            f"<span>{called}</span></label>"
        )
    cells = (
        escape(who.number),
        escape(who.email or NOTHING),
        day(account.registered_on),
    )
    drawn = "".join(
        f'<td data-label="{head}">{cell}</td>' for head, cell in zip(heads, cells, strict=True)
    )
    return f'<tr><th scope="row">{called}</th>{drawn}</tr>'


def items(some: Iterable[Someone], *, company: str) -> SafeString:
    """Items of the list of who works at a place of a company's."""
    elsewhere = escape(_("겸직"))
    return mark_safe("".join(_item(someone, company, elsewhere) for someone in some))  # noqa: S308


def _item(someone: Someone, company: str, elsewhere: str) -> str:
    title = f' <span class="muted">{escape(someone.title)}</span>' if someone.title else ""
    other = (
        f"<small>{elsewhere}, {escape(someone.company)}</small>"
        if someone.company_id != company
        else ""
    )
    return f"<li>{_label(someone, title + other)}</li>"


def _label(someone: Someone, more: str) -> str:
    """What is marked to pick somebody: the last two letters of the name, the name, and more."""
    called = someone.called
    return (
        f'<label class="person"><input type="checkbox" name="pick" value="{someone.id}">'
        f'<span class="avatar" aria-hidden="true">{escape(called[-2:])}</span>'
        f"<span><b>{escape(called)}</b>{more}</span></label>"
    )
