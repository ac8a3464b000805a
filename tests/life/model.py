"""What companies may do and what each day of theirs costs, told a third time: as little as a state
machine needs to judge by. It imports nothing of the project. Letters and numbers are rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
FOREVER = date.max
GB = 1024**3
TB = 1024 * GB
WORKPLACE, COLLABO_PLUS = 1, 3
BASE = {1: 512 * GB, 2: 512 * GB, 3: TB}  # D1
SEAT, CAPACITY = 1, 2

DONE = "done"

# day, company, item: quantity, plan, payer
Charges = dict[tuple[date, str, int], tuple[int, int | None, str]]


@dataclass
class Phase:
    """A plan over days, both ends counted."""

    plan: int
    cycle: int
    first: date
    last: date = FOREVER
    begins_contract: bool = True


@dataclass
class Company:
    id: str
    trial_to: date
    accounts: int = 0  # registered now
    counted: int = 0  # at any time of today (E4)
    tb: int = 0  # added and not returned
    peak: int = 0  # the most of today (D5)
    used: dict[str, int] = field(default_factory=dict)
    phases: list[Phase] = field(default_factory=list)
    terminated_on: date | None = None
    data_goes_on: date | None = None  # of who is terminated or expired
    represented_by: str | None = None
    left: tuple[date, str] | None = None  # the last day in a group, and whose it was

    def on(self, day: date) -> Phase | None:
        return next((p for p in self.phases if p.first <= day <= p.last), None)

    def after(self, day: date) -> Phase | None:
        return next((p for p in self.phases if p.first > day), None)

    @property
    def use(self) -> int:
        return sum(self.used.values())

    def leave(self, day: date) -> None:
        """F9: the day is still the group's."""
        if self.represented_by:
            self.left = day, self.represented_by
            self.represented_by = None

    def payer(self, day: date) -> str:
        if self.represented_by:
            return self.represented_by
        return self.left[1] if self.left and self.left[0] == day else self.id


@dataclass
class World:
    """All companies on a day."""

    today: date
    companies: dict[str, Company]
    charges: Charges = field(default_factory=dict)
    grace_days: int = 0

    # What is refused, and why: the code of the first rule that says no, else DONE.

    def may(self, company: Company) -> str:
        """Somebody may act for it at all: in trial or paid."""
        active = company.on(self.today) or self.today <= company.trial_to
        return DONE if active and not company.terminated_on else "not_active"

    def may_change_today(self, company: Company) -> str:
        """G3: nothing that would change a bill which a termination has issued."""
        no = self.may(company)
        next_one = company.after(self.today)
        if no == DONE and company.on(self.today) and next_one and next_one.begins_contract:
            no = "day_is_billed"
        return no

    def paid(self, company: Company, no: str = "") -> str:
        no = no or self.may(company)
        if no == DONE and not company.on(self.today):
            no = "not_paid"
        return no

    def reserve(self, company: Company, *, plan: int, cycle: int, start: date) -> str:
        is_late = company.data_goes_on and not company.terminated_on
        is_late = is_late and self.today < company.data_goes_on
        if not is_late and (no := self.may(company)) != DONE:
            return no
        if company.on(self.today):
            return "already_paid"
        if company.after(self.today):
            return "already_reserved"
        if not self.today <= start <= (self.today if is_late else company.trial_to):
            return "reservation_out_of_range"
        company.data_goes_on = None
        company.phases.append(Phase(plan, cycle, start))
        return DONE

    def _reserved(self, company: Company) -> str:
        if (no := self.may(company)) != DONE:
            return no
        if company.on(self.today):
            return "reservation_started"
        return DONE if company.after(self.today) else "no_reservation"

    def change(self, company: Company, *, plan: int, cycle: int, start: date) -> str:
        if (no := self._reserved(company)) != DONE:
            return no
        if not self.today <= start <= company.trial_to:
            return "reservation_out_of_range"
        company.phases = [Phase(plan, cycle, start)]
        return DONE

    def withdraw(self, company: Company) -> str:
        if (no := self._reserved(company)) == DONE:
            company.phases = []
        return no

    def extend(self, company: Company, *, to: date) -> str:
        if (no := self.may(company)) != DONE:
            return no
        if company.on(self.today):
            return "not_in_trial"
        if to <= company.trial_to:
            return "trial_end_out_of_range"
        company.trial_to = to
        return DONE

    def register(self, company: Company, *, count: int) -> str:
        if (no := self.may_change_today(company)) == DONE:
            company.accounts += count
            company.counted += count
        return no

    def exclude(self, company: Company, *, count: int) -> str:
        if (no := self.may(company)) != DONE:
            return no
        if count > company.accounts:
            return "not_that_many_accounts"
        company.accounts -= count
        return DONE

    def upgrade(self, company: Company, *, plan: int, by_support: bool) -> str:
        if (no := self.paid(company, self.may_change_today(company))) != DONE:
            return no
        if company.after(self.today):
            return "upgrade_pending"
        now = company.phases[-1]
        if plan <= now.plan or (now.plan != WORKPLACE and not by_support):
            return "not_an_upgrade"
        now.last = self.today
        upgraded = Phase(plan, now.cycle, self.today + ONE_DAY, begins_contract=False)
        company.phases.append(upgraded)
        return DONE

    def withdraw_upgrade(self, company: Company) -> str:
        if (no := self.paid(company)) != DONE:
            return no
        pending = company.after(self.today)
        if not pending or pending.begins_contract:
            return "no_upgrade_pending"
        company.phases.pop()
        company.phases[-1].last = FOREVER
        return DONE

    def capacity(self, company: Company) -> int:
        now = company.on(self.today)
        base = BASE[now.plan if now else WORKPLACE]
        return base + company.accounts * GB + company.tb * TB

    def add(self, company: Company, *, tb: int) -> str:
        if (no := self.paid(company, self.may_change_today(company))) == DONE:
            company.tb += tb
            company.peak = max(company.peak, company.tb)
        return no

    def give_back(self, company: Company, *, tb: int) -> str:
        if (no := self.paid(company)) != DONE:
            return no
        if tb > company.tb:
            return "nothing_to_return"
        if company.use > self.capacity(company) - tb * TB:
            return "capacity_in_use"
        company.tb -= tb
        return DONE

    def report(self, company: Company, *, category: str, size: int) -> str:
        if (no := self.may(company)) == DONE:
            company.used[category] = size
        return no

    def form(self, lead: Company, members: Sequence[Company]) -> str:
        if (no := self.paid(lead, self.may_change_today(lead))) != DONE:
            return no
        if any(self._grouped(company) for company in (lead, *members)):
            return "already_grouped"
        for member in members:
            if (no := self.may_change_today(member)) != DONE:
                return no
        for company in (lead, *members):
            company.represented_by = lead.id
        return DONE

    def _grouped(self, company: Company) -> bool:
        """F7, F9: the day of leaving is the old group's."""
        has_left_today = company.left is not None and company.left[0] == self.today
        return company.represented_by is not None or has_left_today

    def join(self, company: Company, lead: Company) -> str:
        if (no := self.may_change_today(company)) != DONE:
            return no
        if self._grouped(company):
            return "already_grouped"
        if lead.represented_by != lead.id:
            return "not_a_representative"
        company.represented_by = lead.id
        return DONE

    def terminate(self, company: Company) -> str:
        if (no := self.may(company)) != DONE:
            return no
        others = [c for c in self.companies.values() if c.represented_by == company.id]
        if len(others) > 1:
            return "representative_of_group"
        company.phases = [p for p in company.phases if p.first <= self.today]
        for phase in company.phases:
            phase.last = min(phase.last, self.today)
        self._charge(company)
        company.tb = 0
        company.terminated_on = self.today
        company.data_goes_on = self.today + timedelta(days=self.grace_days)
        company.leave(self.today)
        return DONE

    def undo(self, company: Company) -> str:
        """G3: a new contract as before, from today, or tomorrow if today has its bill."""
        if not company.terminated_on or not company.data_goes_on:
            return "not_terminated"
        if self.today >= company.data_goes_on:
            return "deletion_begun"
        if company.phases:
            first = max(self.today, company.terminated_on + ONE_DAY)
            company.phases.append(Phase(company.phases[-1].plan, company.phases[-1].cycle, first))
        elif self.today > company.trial_to:
            return "trial_is_over"
        company.terminated_on = company.data_goes_on = None
        return DONE

    # The night.

    def midnight(self) -> None:
        """Today is charged, then the next day begins and trials that are over are marked."""
        for company in self.companies.values():
            if not company.data_goes_on:
                self._charge(company)
            company.counted, company.peak = company.accounts, company.tb
        self.today += ONE_DAY
        for company in self.companies.values():
            if self.may(company) != DONE and not company.data_goes_on:
                company.data_goes_on = self.today + timedelta(days=self.grace_days)
                company.leave(self.today - ONE_DAY)

    def _charge(self, company: Company) -> None:
        """E1, F3: what today costs, and who pays. A day that is billed stays as it is."""
        if not (phase := company.on(self.today)):
            return
        payer = company.payer(self.today)
        if company.counted:
            row = company.counted, phase.plan, payer
            self.charges.setdefault((self.today, company.id, SEAT), row)
        if company.peak:
            row_of_tb = company.peak, None, payer
            self.charges.setdefault((self.today, company.id, CAPACITY), row_of_tb)
