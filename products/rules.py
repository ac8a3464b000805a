"""What is allowed with a product, read off dated facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from products.choices import Alert, Cycle, Item, Plan, State
from workplace_console.common import days, sizes
from workplace_console.common.refusal import Refused, gettext_noop
from workplace_console.common.sizes import GB, TB

REMINDERS: Final = (7, 3, 1)  # R: B6. Days before the trial's last day.

# R: D1. The shared capacity that comes with a plan, before 1 GB for each registered account.
BASE_CAPACITY: Final = {Plan.WORKPLACE: 512 * GB, Plan.COLLABO: 512 * GB, Plan.COLLABO_PLUS: TB}

# What every company has, whatever its plan.
LEAST_CAPACITY: Final = min(BASE_CAPACITY.values())

# R: D1. What LINE WORKS has of its own with a plan, again before 1 GB for each account.
LINE_WORKS_CAPACITY: Final = {Plan.COLLABO: TB, Plan.COLLABO_PLUS: 10 * TB}


@dataclass(frozen=True)
class Term:
    """A plan and a billing cycle over a range of days; open at the end until something ends it."""

    plan: Plan
    cycle: Cycle
    starts_on: date
    ends_on: date
    contract_from: date

    @property
    def contracts(self) -> list[date]:
        """The first day of the annual contract it is part of; none when it is paid by the month."""
        return [self.contract_from] if self.cycle is Cycle.ANNUAL else []


@dataclass(frozen=True)
class Standing:
    """Everything about a company's product on one day, read off its trial and its terms."""

    day: date
    trial_starts_on: date
    trial_ends_on: date
    term: Term | None  # the paid term that holds on the day
    coming: Term | None  # the paid term that begins later
    terminated_on: date | None = None

    @property
    def reserved(self) -> Term | None:
        """The first paid term, as long as it has not begun. R: B2."""
        return None if self.term else self.coming

    @property
    def upgrade(self) -> Term | None:
        """The higher plan that takes effect at the next 00:00. R: C4."""
        return self.coming if self.term else None

    @property
    def state(self) -> State:
        if self.terminated_on:
            return State.TERMINATED
        if self.term:
            return State.PAID
        if self.day > self.trial_ends_on:
            return State.EXPIRED
        return State.RESERVED if self.reserved else State.TRIAL

    @property
    def is_active(self) -> bool:
        """In trial or paid: people sign in, accounts come and go."""
        ended = (State.EXPIRED, State.TERMINATED)
        return self.day >= self.trial_starts_on and self.state not in ended

    @property
    def plan(self) -> Plan | None:
        return self.term.plan if self.term else None


def standing(
    *,
    day: date,
    trial_starts_on: date,
    trial_ends_on: date,
    terms: Sequence[Term],
    terminated_on: date | None = None,
) -> Standing:
    """Read where a company stands on a day; nothing has to be flipped at midnight for it."""
    return Standing(
        day=day,
        trial_starts_on=trial_starts_on,
        trial_ends_on=trial_ends_on,
        term=next((t for t in terms if t.starts_on <= day <= t.ends_on), None),
        coming=next((t for t in terms if t.starts_on > day), None),
        terminated_on=terminated_on,
    )


def trial_end(starts_on: date, *, trial_days: int) -> date:
    """The last day of a trial; its first day is one of them. R: B1."""
    return starts_on + timedelta(days=trial_days - 1)


def deletion_day(ended_on: date, *, grace_days: int) -> date:
    """The day on which the data of what ended is deleted. R: G3."""
    return ended_on + timedelta(days=grace_days)


READING_DAYS: Final = 90  # R: G5. So long a terminated company's admins read its settled bills.
LEGAL_YEARS: Final = 5  # R: G3. So long bills and contracts are kept, as the law demands.


def trial_ends_due_for_reminder(day: date) -> list[date]:
    """The last trial days that a reminder is sent for on this day. R: B6."""
    return [day + timedelta(days=before) for before in REMINDERS]


def check_active(standing: Standing | None) -> Standing:
    """Nothing can be done for a company before it signs up or after it has ended."""
    if standing is None or not standing.is_active:
        raise Refused(
            "not_active",
            gettext_noop("이용 중인 회사가 아닙니다. 무료 체험이나 유료 이용 중에 할 수 있습니다."),
        )
    return standing


def check_reserve(standing: Standing, *, start: date) -> None:
    """R: B2, B3. Only in trial, only once, from today until the last trial day."""
    if standing.state is State.PAID:
        raise Refused(
            "already_paid",
            gettext_noop("이미 유료로 이용 중입니다. 상품 관리에서 업그레이드하세요."),
        )
    if standing.reserved:
        raise Refused(
            "already_reserved",
            gettext_noop("{start}에 시작하는 예약이 있습니다. 예약 변경에서 고치세요."),
            start=standing.reserved.starts_on,
        )
    _check_range(standing, start)


def check_change(standing: Standing, *, start: date | None) -> Term:
    """R: B5. Until the reserved day begins; the new day as in B3. Returns what is reserved."""
    reserved = check_withdraw(standing)
    if start is not None:
        _check_range(standing, start)
    return reserved


def check_withdraw(standing: Standing) -> Term:
    """R: B5. Until the reserved day begins. Returns what is reserved."""
    if standing.term:
        raise Refused(
            "reservation_started",
            gettext_noop(
                "{start}에 유료 이용이 시작되어 예약을 바꿀 수 없습니다. 상품 관리를 확인하세요."
            ),
            start=standing.term.starts_on,
        )
    if standing.reserved is None:
        raise Refused(
            "no_reservation", gettext_noop("예약이 없습니다. 유료 전환에서 먼저 신청하세요.")
        )
    return standing.reserved


def _check_range(standing: Standing, start: date) -> None:
    if not standing.day <= start <= standing.trial_ends_on:
        raise Refused(
            "reservation_out_of_range",
            gettext_noop("예약일은 {first}부터 {last} 사이로 선택하세요."),
            first=standing.day,
            last=standing.trial_ends_on,
        )


def check_paid(standing: Standing) -> Term:
    """What a company can do only once it pays. Returns the term that holds."""
    if standing.term is None:
        raise Refused(
            "not_paid",
            gettext_noop("유료 이용 중에 할 수 있습니다. 유료 전환을 먼저 신청하세요."),
        )
    return standing.term


def check_upgrade(standing: Standing, *, plan: Plan, by_support: bool = False) -> Term:
    """R: C1, C2, C3. Only to a higher plan, one request at a time; from Collabo only by support.

    Returns the term that holds until today.
    """
    term = check_paid(standing)
    if standing.upgrade:
        raise Refused(
            "upgrade_pending",
            gettext_noop("{start}에 적용되는 업그레이드가 있습니다. 먼저 신청을 취소하세요."),
            start=standing.upgrade.starts_on,
        )
    if term.plan is not Plan.WORKPLACE and not by_support:
        raise Refused(
            "not_an_upgrade",
            gettext_noop(
                "Collabo 상품은 콘솔에서 업그레이드할 수 없습니다. 고객지원에 문의하세요."
            ),
        )
    if plan <= term.plan:
        raise Refused(
            "not_an_upgrade",
            gettext_noop(
                "지금보다 높은 상품으로만 업그레이드할 수 있습니다. 상품을 다시 고르세요."
            ),
        )
    return term


def check_upgrade_withdrawal(standing: Standing) -> Term:
    """R: C4. Until the next 00:00. Returns what is pending."""
    check_paid(standing)
    if standing.upgrade is None:
        raise Refused(
            "no_upgrade_pending",
            gettext_noop("신청 중인 업그레이드가 없습니다. 상품 관리를 확인하세요."),
        )
    return standing.upgrade


MOST_TB: Final = 100


def check_tb(tb: int) -> None:
    """R: D4. Whole units of 1 TB, 1 to 100 at a time."""
    if not 1 <= tb <= MOST_TB:
        raise Refused(
            "tb_out_of_range",
            gettext_noop("용량은 1 TB부터 {most} TB 사이로 적으세요."),
            most=MOST_TB,
        )


def check_held(*, tb: int, held: int) -> None:
    """R: D5. Only what was added can be returned."""
    if tb > held:
        raise Refused(
            "nothing_to_return",
            gettext_noop("추가한 용량은 {held} TB입니다. 그 안에서 적으세요."),
            held=held,
        )


def check_return(*, tb: int, held: int, used: int, capacity: int) -> None:
    """R: D5. Not more than is held, and never below what is used; both in bytes as of now."""
    check_held(tb=tb, held=held)
    if used > capacity - tb * TB:
        raise Refused(
            "capacity_in_use",
            gettext_noop(
                "{used}를 쓰고 있어 {tb} TB를 반납하면 {left}만 남습니다. 데이터를 먼저 줄이세요."
            ),
            used=sizes.in_words(used),
            tb=tb,
            left=sizes.in_words(capacity - tb * TB),
        )


RISE: Final = 2  # R: D3. Points of the capacity that become free before an alert is armed again.


def alert_level(*, used: int, capacity: int, low_percent: int) -> Alert:
    """R: D3. Low when so many percent of the capacity or less are free, full when nothing is."""
    if used >= capacity:
        return Alert.FULL
    return Alert.LOW if _free(used, capacity) <= low_percent * capacity else Alert.NONE


def alert_that_stands(told: Alert, *, used: int, capacity: int, low_percent: int) -> Alert:
    """R: D3. What a company was told stands until 2 points more than its bound are free."""
    if _free(used, capacity) >= (low_percent + RISE) * capacity:
        return Alert.NONE
    if _free(used, capacity) >= RISE * capacity:
        return min(told, Alert.LOW)
    return told


def _free(used: int, capacity: int) -> int:
    """Free bytes, times 100: compared with percents of the capacity without rounding."""
    return (capacity - used) * 100


def check_extension(standing: Standing, *, ends_on: date) -> None:
    """R: B1. Only in trial, only to a later day, and no further than a year from today."""
    if standing.state not in (State.TRIAL, State.RESERVED):
        raise Refused(
            "not_in_trial",
            gettext_noop("무료 체험 중인 회사가 아닙니다. 체험 중에만 연장할 수 있습니다."),
        )
    first = standing.trial_ends_on + days.ONE_DAY
    last = days.anniversary(standing.day, year=standing.day.year + 1)
    if not first <= ends_on <= last:
        raise Refused(
            "trial_end_out_of_range",
            gettext_noop("체험 마지막 날은 {first}부터 {last} 사이로 선택하세요."),
            first=first,
            last=last,
        )


def check_priced(item: Item, plan: Plan | None, cycle: Cycle | None) -> None:
    """R: E1, E11. A seat's price is of a plan and a cycle, added capacity's of neither."""
    has = (plan is not None, cycle is not None)
    if has != ((True, True) if item is Item.SEAT else (False, False)):
        raise Refused(
            "price_of_nothing",
            gettext_noop(
                "사용자 단가에는 상품과 결제 주기를 고르고, 추가 용량 단가에는 고르지 마세요."
            ),
        )


def check_price_day(starts_on: date, *, today: date) -> None:
    """R: E11. A new price holds from tomorrow on, never for days that are or were."""
    if starts_on <= today:
        raise Refused(
            "price_too_early",
            gettext_noop("시행일은 {first}부터 선택하세요. 지난 날의 단가는 바꿀 수 없습니다."),
            first=today + days.ONE_DAY,
        )


def check_price_withdrawal(starts_on: date, *, today: date) -> None:
    """R: E11. Until its day begins."""
    if starts_on <= today:
        raise Refused(
            "price_in_force",
            gettext_noop("{starts_on}부터 적용된 단가는 철회할 수 없습니다. 새 단가를 등록하세요."),
            starts_on=starts_on,
        )


HIGHEST_PRICE: Final = 100_000_000


def check_unit_price(unit_price: int) -> None:
    """R: E11. Whole won, from 1 to a hundred million: more is a slip of the hand."""
    if not 1 <= unit_price <= HIGHEST_PRICE:
        raise Refused(
            "price_out_of_range",
            gettext_noop("단가는 1원부터 {most}원 사이로 적으세요."),
            most=f"{HIGHEST_PRICE:,}",
        )


def shared_capacity(plan: Plan | None, *, accounts: int, added_tb: int = 0) -> int:
    """Bytes of shared capacity; a trial has the WORKPLACE plan's. R: D1."""
    return BASE_CAPACITY[plan or Plan.WORKPLACE] + accounts * GB + added_tb * TB


def line_works_capacity(plan: Plan | None, *, accounts: int = 0) -> int:
    """Bytes that LINE WORKS has, managed there; 0 for plans without it. R: D1, D6."""
    base = LINE_WORKS_CAPACITY.get(plan, 0) if plan else 0
    return base + accounts * GB if base else 0


# Growth is read off so many days, of which so many must lie between the first report and the last.
TREND_DAYS: Final = 60
LEAST_TREND: Final = timedelta(days=7)
# Farther than this nobody can see.
HORIZON: Final = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Growth:
    """How use grows: bytes a day (less than 0 when it shrinks), and the first day on which it would
    not fit any more; None when that is beyond the horizon."""

    a_day: int
    full_on: date | None


def growth(reports: Sequence[tuple[date, int]], *, capacity: int, today: date) -> Growth | None:
    """The straight line through the reports that fits them best; None while they say too little.

    `reports` are days, in order, and bytes; `capacity` is in bytes.
    """
    if not reports or reports[-1][0] - reports[0][0] < LEAST_TREND:
        return None
    xs = [(day - reports[0][0]).days for day, _size in reports]
    ys = [size for _day, size in reports]
    n, sum_x, sum_y = len(xs), sum(xs), sum(ys)
    over = n * sum(x * y for x, y in zip(xs, ys, strict=True)) - sum_x * sum_y
    a_day = over // (n * sum(x * x for x in xs) - sum_x * sum_x)
    free = capacity - ys[-1]
    if free < 0 or a_day <= 0:
        return Growth(a_day, today if free < 0 else None)
    left = timedelta(days=free // a_day + 1)
    return Growth(a_day, today + left if left <= HORIZON else None)


def contract_year(contract_from: date, day: date) -> tuple[date, date]:
    """First and last day of the contract year that `day` lies in, on or after the first start.

    R: E3. A year ends the day before the anniversary of the very first start, so a start on
    29 February has its anniversary on the 28th in common years and on the 29th in leap years.
    """
    year = day.year
    if days.anniversary(contract_from, year=year) > day:
        year -= 1
    first = days.anniversary(contract_from, year=year)
    return first, days.anniversary(contract_from, year=year + 1) - days.ONE_DAY


def billing_period(cycle: Cycle, contract_from: date, day: date) -> tuple[date, date]:
    """The period that a day's seats are billed in: the month, or the contract year. R: E2, E3."""
    if cycle is Cycle.ANNUAL:
        return contract_year(contract_from, day)
    return days.first_of_month(day), days.last_of_month(day)
