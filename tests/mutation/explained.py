"""Mutants that no test can kill, each with the reason: module, line of code, change."""

from __future__ import annotations

from typing import Final

SAME_DAY: Final = "on the last of REMINDERS both ways say that day"
MODULO: Final = "thirty is added where thirty was taken away: the same, modulo thirty"

NOBODY: Final = "no department above is None: then None is among those above, and no department is"
ON_ALL: Final = "an item has a plan on each of its lines or on none: they aren't compared"
WAITS: Final = (
    "of two sweeps at once the second waits instead of passing by, and finds nothing to do"
)
MICROSECOND: Final = "names of letters have seconds, and a day ago is known to the microsecond"
ONE_SIGN: Final = "of a file of one sign, which no line of the register leaves behind"
POWER: Final = "what it is for, a loss of power, no test can make"
SHIFTED: Final = "a line's slope is the same, wherever its days are counted from"
SAME_LENGTH: Final = "both lists are made of the same reports"
ONE_EACH: Final = "a view is made of each address"

EXPLAINED: Final[dict[tuple[str, str, str], str]] = {
    (
        "workplace_console/guard.py",
        "for address, view in zip(addresses, views, strict=True)",
        "True → False",
    ): ONE_EACH,
    ("billing/rules/payments.py", "if late > REMINDERS[-1]:", "Gt → GtE"): SAME_DAY,
    (
        "billing/rules/payments.py",
        "return late - (late - REMINDERS[-1]) % REMINDED_EVERY",
        "Sub → Add",
    ): MODULO,
    (
        "products/rules/capacity.py",
        "xs = [(day - reports[0][0]).days for day, _size in reports]",
        "0 → 1",
    ): SHIFTED,
    (
        "products/rules/capacity.py",
        "over = n * sum(x * y for x, y in zip(xs, ys, strict=True)) - sum_x * sum_y",
        "True → False",
    ): SAME_LENGTH,
    (
        "groupco/rules/chart.py",
        "while step is not None and step not in found:",
        "And → Or",
    ): NOBODY,
    (
        "billing/reckoning.py",
        "return (self.company, self.item, self.plan or 0, self.unit_price, self.period_from)",
        "0 → 1",
    ): ON_ALL,
    (
        "workplace_console/deletion.py",
        "if is_over or (not letter.company and letter.written_at < a_day_ago):",
        "Lt → LtE",
    ): MICROSECOND,
    (
        "workplace_console/register.py",
        'is_torn = size > 0 and os.pread(file, 1, size - 1) != b"\\n"',
        "0 → 1",
    ): ONE_SIGN,
    (
        "workplace_console/register.py",
        "os.fsync(file)",
        "call left out",
    ): POWER,
    (
        "products/operations/deletion.py",
        'found = kept.order_by("company").select_for_update(skip_locked=True)',
        "True → False",
    ): WAITS,
}
