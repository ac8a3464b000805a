"""사원 검색 and 조직도 over the roster's group, as multiples of the floor page (floor.py).

Pages are called in turn, each as often in a round; what counts is the ratio to the floor in the
same round. See README.md.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

from benchmarks import floor
from benchmarks.floor import FLOOR

DAY = "2026-01-01"
LIMIT = 2.5
HOST = "kubernetes.localhost"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", required=True, help="an empty database, filled here")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=40)
    arguments = parser.parse_args()
    set_up(arguments.database_url)
    call = floor.visitor(fill(), host=HOST)
    pages = {FLOOR: "/floor/kubernetes/", **addresses()}
    ratios = measure(pages, call, rounds=arguments.rounds, calls=arguments.calls)
    worst = max(median(found) for found in ratios.values())
    for name, found in ratios.items():
        print(f"{name:<34} {median(found):5.2f} x floor   {size(call(pages[name])):6.1f} KB")
    print(f"limit {LIMIT}: {'kept' if worst <= LIMIT else 'PASSED'}")
    sys.exit(worst > LIMIT)


def set_up(database_url: str) -> None:
    """Django on that database, with one page more at the company's host."""
    os.environ |= {
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "CONSOLE_TODAY": DAY,
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "workplace_console.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from workplace_console import company_urls

    call_command("migrate", verbosity=0)
    floor.add_to(company_urls, today=date.fromisoformat(DAY))


def fill() -> Any:
    """The roster as a group of five, and the user of an employee with many postings."""
    from importlib import import_module

    from django.db import connection
    from django.db.models import Count

    from groupco.models import Employee, User
    from groupco.operations import link_employee

    import_module("tests.journeys.test_roster_chart").form_the_group()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    busiest = (
        Employee.objects.filter(company="kubernetes", accounts__excluded_on=None)
        .annotate(postings_held=Count("postings"))
        .order_by("-postings_held")[0]
    )
    user = User.objects.create_user(busiest.email, "x")
    link_employee(company_id="kubernetes", number=busiest.number, user=user)
    return user


def addresses() -> dict[str, str]:
    from groupco.models import Department

    deep = Department.objects.filter(parent__parent__isnull=False).order_by("pk")[0]
    top = Department.objects.filter(parent=None, company="kubernetes").order_by("pk")[0]
    return {
        "search: nearly everyone (p0)": "/people/?q=p0",
        "search: one person": "/people/?q=p00129",
        "search: by department (sig-node)": "/people/?q=sig-node",
        "search: initials, nobody": "/people/?q=%E3%84%B1%E3%85%85%E3%85%87",
        "chart: as it opens": "/people/?tab=chart",
        "chart: own company": "/people/?tab=chart&at=kubernetes",
        "chart: a department": f"/people/?tab=chart&at={top.pk}",
        "chart: three levels down": f"/people/?tab=chart&at={deep.pk}",
    }


def size(content: bytes) -> float:
    return len(content) / 1024


def measure(
    pages: dict[str, str], call: Callable[[str], bytes], *, rounds: int, calls: int
) -> dict[str, list[float]]:
    """By page the ratio to the floor, one for each round; the first round warms up."""
    ratios: dict[str, list[float]] = {name: [] for name in pages if name != FLOOR}
    for turn in range(rounds + 1):
        times = {name: floor.cpu(lambda url=url: call(url), calls) for name, url in pages.items()}
        if turn:
            for name, found in ratios.items():
                found.append(times[name] / times[FLOOR])
    print(f"floor {times[FLOOR]:.1f} ms, {size(call(pages[FLOOR])):.1f} KB (last round)")
    return ratios


if __name__ == "__main__":
    main()
