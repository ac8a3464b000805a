"""사원 검색 and 조직도 over the roster's group, as multiples of the floor page.

The floor page is what any page of ours costs at least: a signed-in user, three indexed queries, 25
rows, 8 KB. Pages are called in this process through the whole middleware, in turn, each as often
in a round; what counts is the ratio to the floor in the same round. Time is CPU time, of this
process and of its database backend, so that other work on the machine matters less; the database
has to be on the same machine, and that a Linux. See README.md.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-01-01"
LIMIT = 2.5
HOST = "kubernetes.localhost"
FLOOR = "floor"

ROWS = """
{% load console %}<h1>Floor</h1><p>{{ company.name }}</p><table>{% for account in rows %}
<tr><th scope="row"><label class="check">
<input type="checkbox" class="input" name="account" value="{{ account.pk }}">
<span class="name">{{ account.employee.name|default:account.employee.number }}</span></label></th>
<td data-label="number">{{ account.employee.number }}</td><td>{{ account.employee.email }}</td>
<td data-label="day">{{ account.registered_on|day }}</td><td>{{ account.excluded_on }}</td></tr>
{% endfor %}</table>"""


def floor_page(request: Any) -> Any:
    """Three indexed queries and 25 rows."""
    from django.http import HttpResponse

    from groupco.models import Account, Company, Headcount

    if not request.user.is_authenticated:
        raise PermissionError
    company = Company.objects.get(pk="kubernetes")
    rows = Account.objects.filter(company=company).select_related("employee")
    context = {
        "company": company,
        "rows": list(rows.order_by("-registered_on", "-pk")[:25]),
        "count": list(Headcount.objects.filter(company=company, ends_on__gte=DAY)[:1]),
    }
    return HttpResponse(floor_template().render(context))


@cache
def floor_template() -> Any:
    from django.template import engines

    return engines.all()[0].from_string(ROWS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", required=True, help="an empty database, filled here")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=40)
    arguments = parser.parse_args()
    set_up(arguments.database_url)
    cookie = fill()
    call = caller(cookie)
    pages = {FLOOR: "/floor/", **addresses()}
    ratios = measure(pages, call, rounds=arguments.rounds, calls=arguments.calls)
    worst = max(median(found) for found in ratios.values())
    for name, found in ratios.items():
        print(f"{name:<34} {median(found):5.2f} x floor   {size(call(pages[name])):6.1f} KB")
    print(f"limit {LIMIT}: {'kept' if worst <= LIMIT else 'PASSED'}")
    sys.exit(worst > LIMIT)


def set_up(database_url: str) -> None:
    """Django on that database, with one page more at the company's host."""
    sys.path.insert(0, str(ROOT))
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
    from django.urls import path

    from workplace_console import company_urls

    call_command("migrate", verbosity=0)
    add_page(company_urls, path("floor/", floor_page))


def add_page(urls: ModuleType, page: Any) -> None:
    urls.urlpatterns.append(page)


def fill() -> str:
    """The roster as a group of five, and the session of an employee with many postings."""
    from importlib import import_module

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db import connection
    from django.db.models import Count

    from groupco.models import Employee, User
    from groupco.operations import link_employee
    from groupco.sessions import HOST as SESSION_HOST
    from groupco.sessions import SessionStore

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
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SESSION_HOST] = HOST
    session.save()
    return str(session.session_key)


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


def caller(session_key: str) -> Callable[[str], bytes]:
    """Ask for a page as gunicorn would, without a socket."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    def call(url: str) -> bytes:
        path, _mark, query = url.partition("?")
        statuses: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "HTTP_HOST": HOST,
            "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session_key}",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        answer: Iterable[bytes] = application(environ, lambda status, _h: statuses.append(status))
        content = b"".join(answer)
        if statuses != ["200 OK"]:
            raise RuntimeError(url, statuses)
        return content

    return call


def size(content: bytes) -> float:
    return len(content) / 1024


def measure(
    pages: dict[str, str], call: Callable[[str], bytes], *, rounds: int, calls: int
) -> dict[str, list[float]]:
    """By page the ratio to the floor, one for each round; the first round warms up."""
    ratios: dict[str, list[float]] = {name: [] for name in pages if name != FLOOR}
    for turn in range(rounds + 1):
        times = {name: timed(lambda url=url: call(url), calls) for name, url in pages.items()}
        if turn:
            for name, found in ratios.items():
                found.append(times[name] / times[FLOOR])
    print(f"floor {times[FLOOR] * 1000:.1f} ms, {size(call(pages[FLOOR])):.1f} KB (last round)")
    return ratios


def timed(act: Callable[[], object], calls: int) -> float:
    """The mean of so many calls: seconds of CPU, in this process and in its database backend."""
    begun = time.process_time() + spent_by_backend()
    for _ in range(calls):
        act()
    return (time.process_time() + spent_by_backend() - begun) / calls


def spent_by_backend() -> float:
    """Seconds of CPU that this process' database backend has had so far."""
    from django.db import connection

    connection.ensure_connection()
    backend = connection.connection.get_backend_pid()
    nanoseconds, *_rest = Path(f"/proc/{backend}/schedstat").read_text(encoding="ascii").split()
    return int(nanoseconds) / 1e9


if __name__ == "__main__":
    main()
