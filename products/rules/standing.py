"""Where a company stands on a day, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from products.choices import Cycle, Plan, State
from workplace_console.common import days
from workplace_console.common.refusal import Refused, gettext_noop


@dataclass(frozen=True)
class Term:
    """A plan and a billing cycle over a range of days; open at the end until something ends it."""

    plan: Plan
    cycle: Cycle
    starts_on: date
    ends_on: date
    contract_from: date

    @property
    def begins_contract(self) -> bool:
        """Whether it is the first of its contract, not an upgrade within one."""
        return self.starts_on == self.contract_from

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
    latest: Term | None = None  # the paid term that holds, or else the last one that did
    terminated_on: date | None = None
    deletion_on: date | None = None  # from 00:00 of this day on the data goes

    @property
    def reserved(self) -> Term | None:
        """The first paid term, as long as it has not begun. R: B2."""
        return None if self.term else self.coming

    @property
    def free_until(self) -> date:
        """The last free day: the trial's last, or the one before a reserved term begins. R: B3."""
        return self.reserved.starts_on - days.ONE_DAY if self.reserved else self.trial_ends_on

    @property
    def upgrade(self) -> Term | None:
        """The higher plan that takes effect at the next 00:00. R: C4."""
        if self.term and self.coming and not self.coming.begins_contract:
            return self.coming
        return None

    @property
    def is_billed(self) -> bool:
        """Whether the day has its bill already: it was terminated, and that was undone the same
        day, so that a new contract begins tomorrow. R: G3."""
        return bool(self.term and self.coming and self.coming.begins_contract)

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
    def _keeps_data(self) -> bool:
        return self.deletion_on is not None and self.day < self.deletion_on

    @property
    def can_undo(self) -> bool:
        """Terminated, its data still there, and something to go back to. R: G3."""
        lasts = self.latest is not None or self.day <= self.trial_ends_on
        return self.state is State.TERMINATED and self._keeps_data and lasts

    @property
    def can_convert_late(self) -> bool:
        """Expired, its data still there: it may convert, from today. R: G3."""
        return self.state is State.EXPIRED and self._keeps_data

    @property
    def opens_for_admins(self) -> bool:
        """Whether a console admin finds anything: all of it, or what is left of it. R: G3, G5."""
        return self.is_active or self.state is State.TERMINATED or self.can_convert_late

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
    deletion_on: date | None = None,
) -> Standing:
    """Read where a company stands on a day; nothing has to be flipped at midnight for it."""
    return Standing(
        day=day,
        trial_starts_on=trial_starts_on,
        trial_ends_on=trial_ends_on,
        term=next((t for t in terms if t.starts_on <= day <= t.ends_on), None),
        coming=next((t for t in terms if t.starts_on > day), None),
        latest=next((t for t in reversed(terms) if t.starts_on <= day), None),
        terminated_on=terminated_on,
        deletion_on=deletion_on,
    )


def check_active(standing: Standing | None) -> Standing:
    """Nothing can be done for a company before it signs up or after it has ended."""
    if standing is None or not standing.is_active:
        raise Refused(
            "not_active",
            gettext_noop("이용 중인 회사가 아닙니다. 무료 체험이나 유료 이용 중인지 확인하세요."),
        )
    return standing


def check_open(standing: Standing) -> Standing:
    """R: G3. What would change the bill of a day waits while that day has its final bill."""
    if standing.is_billed:
        raise Refused(
            "day_is_billed",
            gettext_noop(
                "{day}까지의 요금은 해지할 때 청구했습니다. 새 계약이 시작되는 {start}에 다시 "
                "하세요."
            ),
            day=standing.day,
            start=standing.day + days.ONE_DAY,
        )
    return standing


def check_paid(standing: Standing) -> Term:
    """What a company can do only once it pays. Returns the term that holds."""
    if standing.term is None:
        raise Refused(
            "not_paid",
            gettext_noop("유료 이용 중에 할 수 있습니다. 유료 전환을 먼저 신청하세요."),
        )
    return standing.term


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


def may_mail(standing: Standing) -> bool:
    """R: F5. Found people can be picked as recipients of mail on a Collabo plan; it has mail."""
    return standing.term is not None and standing.term.plan >= Plan.COLLABO
