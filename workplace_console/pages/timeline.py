"""앞으로 일어날 일: all that will happen by itself, by day, each with what undoes it where the
rules allow that..

A source says what it knows of the days to come; a new one is a new line in SOURCES. What sources
read is asked once, by the page (`Known`): a source that needs more of the database gets it from a
statement that is there already, since a page asks at most eight times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import reckoning
from billing.queries import Outlook
from products import rules
from products.choices import Cycle, Item, State
from products.models import Deletion
from products.queries import Ahead, PriceChange
from products.rules import Standing, Term
from workplace_console.common import days, sizes, words
from workplace_console.pages import lines
from workplace_console.pages.request import ConsoleRequest


@dataclass(frozen=True)
class Event:
    """Something that will happen on a day. `tone` is "warn" for what needs doing; `url` and
    `action` are the button that undoes or changes it, both or neither."""

    day: date
    title: str
    text: str = ""
    tone: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Known:
    """What the sources read of a company."""

    request: ConsoleRequest
    outlook: Outlook
    ahead: Ahead

    @property
    def standing(self) -> Standing:
        return self.request.standing

    @property
    def today(self) -> date:
        return self.request.today

    @property
    def company(self) -> str:
        return self.request.company.pk


def trial(known: Known) -> Iterable[Event]:
    """The end of a trial that nothing paid follows, and the mails before it. R: B6, G3."""
    standing = known.standing
    if standing.state is not State.TRIAL:
        return
    convert = known.request.link("convert")
    for before in rules.REMINDERS:
        day = standing.trial_ends_on - timedelta(days=before)
        if day > max(known.today, standing.trial_starts_on):
            yield Event(
                day,
                ngettext(
                    "체험 종료 %(n)s일 전 메일을 보냅니다",
                    "체험 종료 %(n)s일 전 메일을 보냅니다",
                    before,
                )
                % {"n": before},
                _("유료 전환을 예약하면 보내지 않습니다"),
            )
    yield Event(
        standing.trial_ends_on,
        _("무료 체험의 마지막 날입니다"),
        _("이날까지 유료 전환을 예약할 수 있습니다"),
        tone="warn",
        url=convert,
        action=_("유료 전환"),
    )
    yield from _end_of_trial(standing)


def _end_of_trial(standing: Standing) -> Iterable[Event]:
    blocked_on = standing.trial_ends_on + days.ONE_DAY
    gone_on = rules.deletion_day(blocked_on, grace_days=settings.DELETION_GRACE_DAYS)
    unless = _("유료 전환을 예약하면 일어나지 않습니다")
    if gone_on == blocked_on:
        yield Event(blocked_on, _("로그인이 막히고 데이터를 영구 삭제합니다"), unless, tone="warn")
        return
    yield Event(blocked_on, _("로그인이 막힙니다"), unless, tone="warn")
    yield Event(
        gone_on,
        _("데이터를 영구 삭제합니다"),
        _("그 전날까지는 그날부터 시작하는 유료 전환을 할 수 있습니다"),
        tone="warn",
    )


def terms(known: Known) -> Iterable[Event]:
    """A reserved term begins, an upgrade takes effect, a new contract follows. R: B5, C4, G3."""
    standing = known.standing
    if reserved := standing.reserved:
        yield Event(
            reserved.starts_on,
            _("%(plan)s의 유료 이용을 시작합니다") % {"plan": reserved.plan.label},
            _("그 전까지 바꾸거나 취소할 수 있습니다"),
            url=known.request.link("convert"),
            action=_("예약 변경"),
        )
    if upgrade := standing.upgrade:
        yield Event(
            upgrade.starts_on,
            _("업그레이드를 적용합니다: %(plan)s") % {"plan": upgrade.plan.label},
            _("0시가 되기 전까지 취소할 수 있습니다"),
            url=known.request.link("upgrade"),
            action=_("신청 취소"),
        )
    if standing.is_billed and standing.coming:
        yield Event(
            standing.coming.starts_on,
            _("%(plan)s의 새 계약이 시작됩니다") % {"plan": standing.coming.plan.label},
            _("오늘까지의 요금은 해지할 때 청구했습니다"),
        )


def invoices(known: Known) -> Iterable[Event]:
    """What was counted last night, and the invoice that the month's end brings. R: E5, E6."""
    outlook = known.outlook
    if outlook.so_far:
        supply = reckoning.sums(outlook.so_far).supply
        yield Event(
            known.today,
            _("어제까지의 요금을 계산했습니다"),
            _("공급가액 %(won)s") % {"won": words.won(supply)},
        )
    if outlook.projected:
        total = reckoning.sums(outlook.projected).total
        yield Event(
            days.last_of_month(known.today) + days.ONE_DAY,
            _("%(month)s 청구서를 발행합니다") % {"month": words.month(known.today)},
            _("지금대로라면 %(won)s") % {"won": words.won(total)},
            url=known.request.link("usage"),
            action=_("계산 근거"),
        )


def payments(known: Known) -> Iterable[Event]:
    """결제일: what is open of bills, and by when it is to be paid. R: E12."""
    for bill in known.outlook.bills:
        is_late = bill.due_on < known.today
        late, due = _("미납 청구서: %(number)s"), _("결제일: 청구서 %(number)s")
        yield Event(
            bill.due_on,
            (late if is_late else due) % {"number": bill.number},
            _("남은 금액 %(won)s") % {"won": words.won(bill.open)},
            tone="warn" if is_late else "",
            url=known.request.link("bill", number=bill.number),
            action=_("결제"),
        )


def contract_years(known: Known) -> Iterable[Event]:
    """Annual contracts that are billed and begin anew. R: E3."""
    found = list(lines.rows(known.outlook.accrued, known.outlook.names))
    for row in found:
        yield Event(
            row.billed_on,
            _("%(company)s의 연간 계약을 청구하고 새 계약 연도를 시작합니다")
            % {"company": row.company_name},
            _("지금까지 %(won)s 누적") % {"won": words.won(row.amount)},
            url=known.request.link("usage"),
            action=_("계산 근거"),
        )
    term = known.standing.term
    accrues = any(line.company == known.company for line in known.outlook.accrued)
    if term and term.cycle is Cycle.ANNUAL and not accrues:
        last = rules.contract_year(term.contract_from, known.today)[1]
        yield Event(
            last + days.ONE_DAY,
            _("연간 계약을 청구하고 새 계약 연도를 시작합니다"),
            _("계약 연도의 마지막 날은 %(day)s입니다") % {"day": words.day(last)},
        )


def capacity(known: Known) -> Iterable[Event]:
    """The day on which shared capacity is full if it goes on to fill up as it does. R: D2."""
    now = known.ahead.capacity
    growth = rules.growth(known.ahead.reports, capacity=now.total, today=known.today)
    if growth is None or growth.full_on is None:
        return
    may_add = known.standing.term is not None and known.request.may("capacity_add")
    yield Event(
        growth.full_on,
        _("공용 용량이 가득 찹니다"),
        _("지금처럼 하루 %(size)s씩 늘 때의 예상입니다") % {"size": sizes.in_words(growth.a_day)},
        tone="warn" if growth.full_on <= known.today + SOON else "",
        url=known.request.link("capacity_add") if may_add else "",
        action=_("용량 추가") if may_add else "",
    )


# So far ahead what needs doing is marked.
SOON: Final = timedelta(days=60)


def prices(known: Known) -> Iterable[Event]:
    """New prices of what the company pays for, already in the catalogue. R: E11."""
    term = known.standing.coming or known.standing.term
    if term is None:
        return
    for change in known.ahead.prices:
        if change.item is Item.CAPACITY and not known.ahead.capacity.added_tb:
            continue
        if change.item is Item.SEAT and (change.plan, change.cycle) != (term.plan, term.cycle):
            continue
        if change.starts_on >= term.starts_on:
            yield _price_event(known, change, term)


def _price_event(known: Known, change: PriceChange, term: Term) -> Event:
    values = {
        "plan": term.plan.label,
        "was": words.won(change.was),
        "now": words.won(change.unit_price),
    }
    if change.item is Item.CAPACITY:
        title = _("추가 용량 1 TB의 월 단가가 %(was)s에서 %(now)s으로 바뀝니다") % values
    elif term.cycle is Cycle.ANNUAL:
        title = _("%(plan)s의 사용자당 연 단가가 %(was)s에서 %(now)s으로 바뀝니다") % values
    else:
        title = _("%(plan)s의 사용자당 월 단가가 %(was)s에서 %(now)s으로 바뀝니다") % values
    return Event(
        change.starts_on,
        title,
        _("이날부터의 이용에 새 단가를 적용합니다 · 부가세 별도"),
        url=known.request.link("quote"),
        action=_("견적"),
    )


def groups(known: Known) -> Iterable[Event]:
    """Who pays for whom from another day on. R: F3, F9."""
    for change in known.outlook.payers:
        name = {"name": change.name}
        if change.company != known.company:
            title = _("%(name)s의 요금을 함께 내기 시작합니다") % name
            if change.payer != known.company:
                title = _("%(name)s의 요금을 더는 함께 내지 않습니다") % name
        elif change.payer == known.company:
            title = _("이용 요금을 직접 내기 시작합니다")
        else:
            title = _("이용 요금을 대표회사 %(name)s에 청구하기 시작합니다") % name
        yield Event(change.day, title, _("그룹사가 바뀌어 일어나는 일입니다"))


Source: TypeAlias = Callable[[Known], Iterable[Event]]

SOURCES: Final[tuple[Source, ...]] = (
    trial,
    terms,
    invoices,
    payments,
    contract_years,
    capacity,
    prices,
    groups,
)


def events(known: Known) -> list[Event]:
    """All that the sources know, by day."""
    return sorted(
        (event for source in SOURCES for event in source(known)), key=lambda event: event.day
    )


def after_the_end(request: ConsoleRequest, deletion: Deletion) -> Sequence[Event]:
    """What is still to come for a terminated company. R: G3, G5."""
    found = []
    if deletion.done_on is None:
        keeps = request.standing.can_undo
        found.append(
            Event(
                deletion.due_on,
                _("데이터를 영구 삭제하고 그 기록을 메일로 보냅니다"),
                _("그 전날까지 해지를 취소할 수 있습니다") if keeps else "",
                tone="warn",
                url="#undo" if keeps else "",
                action=_("해지 취소") if keeps else "",
            )
        )
    backups_until = deletion.backups_until or rules.deletion_day(
        deletion.due_on, grace_days=settings.BACKUP_RETENTION_DAYS
    )
    found.append(Event(backups_until, _("백업에서도 없어집니다")))
    found.append(
        Event(
            rules.deletion_day(deletion.marked_on, grace_days=rules.READING_DAYS),
            _("이 화면과 청구서를 닫습니다"),
            _("빨라도 이날입니다. 마지막 청구서를 정산하고 90일이 지나야 닫습니다"),
        )
    )
    return sorted(found, key=lambda event: event.day)
