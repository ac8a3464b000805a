"""The main pages of a console, as multiples of the floor page, and while a month is closed.

The floor page is what any page of ours costs at least: a signed-in user, three indexed queries, 25
rows. Pages are called in this process through the whole middleware. For the multiples CPU time
counts, of this process and of its database backend: other work on the machine moves wall times of
the same page by a factor of two within a minute. Against a close it is wall time.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks.scale.places import ROOT, Contest
from benchmarks.scale.rounds import Rounds

HOST = "localhost"
FLOOR = "floor page"
# At most so many times the floor page.
LIMITS = {"dashboard": 3.0, "day by day": 3.0, "trend": 3.0}
LIMIT = 2.0
A_COMPANY = """
    SELECT id, n FROM made WHERE is_paid AND NOT is_annual AND NOT is_grouped
    ORDER BY abs(people - 100), n LIMIT 1"""

ROWS = """
{% load console %}<h1>Floor</h1><p>{{ company.name }}</p><table>{% for account in rows %}
<tr><th scope="row"><label class="check">
<input type="checkbox" class="input" name="account" value="{{ account.pk }}">
<span class="name">{{ account.employee.name|default:account.employee.number }}</span></label></th>
<td data-label="number">{{ account.employee.number }}</td><td>{{ account.employee.email }}</td>
<td data-label="day">{{ account.registered_on|day }}</td><td>{{ account.excluded_on }}</td></tr>
{% endfor %}</table>"""


def pages(company: str) -> dict[str, str]:
    """The addresses, by what they are."""
    return {
        FLOOR: f"/floor/{company}/",
        "dashboard": f"/c/{company}/",
        "product": f"/c/{company}/product/",
        "accounts": f"/c/{company}/accounts/",
        "usage": f"/c/{company}/usage/",
        "day by day": f"/c/{company}/usage/2027-12/",
        "trend": f"/c/{company}/usage/trend/",
        "bills": f"/c/{company}/bills/",
        "a bill": f"/c/{company}/bills/{company}-202801-1/",
        "payment": f"/c/{company}/payment/",
        "notices": f"/c/{company}/notices/",
        "audit log": f"/c/{company}/audit/",
        "help": f"/c/{company}/help/",
    }


def measure(contest: Contest, *, rounds: int, calls: int) -> tuple[Rounds, dict[str, float]]:
    """CPU milliseconds of each page by round; and its size in KB."""
    with contest.place:
        company, call = visitor(contest)
        addresses = pages(company)
        found: Rounds = {name: [] for name in addresses}
        for turn in range(rounds + 1):
            for name, url in addresses.items():
                spent = cpu(lambda url=url: call(url), calls)
                if turn:
                    found[name].append(spent)
        sizes = {name: len(call(url)) / 1024 for name, url in addresses.items()}
    return found, sizes


def during_close(contest: Contest, *, rounds: int, calls: int) -> dict[str, tuple[float, float]]:
    """Wall time, p50 and p99 in ms over all rounds, alone and while a month is closed."""
    with contest.place, closing(contest) as let_close:
        company, call = visitor(contest)
        urls = [pages(company)[name] for name in ("dashboard", "accounts", "bills", "day by day")]
        waits: dict[str, list[float]] = {"alone": [], "during a close": []}
        for _turn in range(rounds):
            for name, waited in waits.items():
                let_close(name != "alone")
                for _call in range(calls):
                    for url in urls:
                        begun = time.perf_counter()
                        call(url)
                        waited.append((time.perf_counter() - begun) * 1000)
    return {name: (at(waited, 50), at(waited, 99)) for name, waited in waits.items()}


def at(values: list[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1]


@contextmanager
def closing(contest: Contest) -> Iterator[Callable[[bool], None]]:
    """A process that closes the month again and again, and undoes it, whenever it may."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.scale.closing"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": contest.place.url},
        stdout=subprocess.DEVNULL,
    )

    def let(run: bool) -> None:  # noqa: FBT001
        process.send_signal(signal.SIGCONT if run else signal.SIGSTOP)
        time.sleep(2 if run else 4)  # the statement that runs comes to its end

    try:
        time.sleep(5)  # it is starting
        yield let
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(30)


def visitor(contest: Contest) -> tuple[str, Callable[[str], bytes]]:
    """A company with some accounts, and its owner, who asks for a page as gunicorn would."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    ((company, number),) = contest.place.sql(A_COMPANY)
    key = sign_in(number + 1)
    application = with_floor(get_wsgi_application)

    def call(url: str) -> bytes:
        statuses: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": url,
            "QUERY_STRING": "",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "HTTP_HOST": HOST,
            "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={key}",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        answer: Iterable[bytes] = application(environ, lambda status, _h: statuses.append(status))
        content = b"".join(answer)
        if statuses != ["200 OK"]:
            raise RuntimeError(url, statuses)
        return content

    return company, call


def sign_in(user_id: int) -> str:
    """The key of a session of this user at the console."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from groupco.models import User
    from groupco.sessions import HOST as SESSION_HOST
    from groupco.sessions import SessionStore

    user = User.objects.get(pk=user_id)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SESSION_HOST] = HOST
    session.save()
    return str(session.session_key)


def with_floor(make: Callable[[], Any]) -> Any:
    """The console with one page more."""
    from django.http import HttpResponse
    from django.template import engines
    from django.urls import clear_url_caches, path

    from groupco.models import Account, Company, Headcount
    from workplace_console import urls

    template = engines.all()[0].from_string(ROWS)

    def floor(request: Any, company_id: str) -> HttpResponse:
        if not request.user.is_authenticated:
            raise PermissionError
        company = Company.objects.get(pk=company_id)
        rows = Account.objects.filter(company=company).select_related("employee")
        context = {
            "company": company,
            "rows": list(rows.order_by("-registered_on", "-pk")[:25]),
            "count": list(Headcount.objects.filter(company=company, ends_on__gte="2028-01-01")[:1]),
        }
        return HttpResponse(template.render(context))

    urls.urlpatterns.append(path("floor/<str:company_id>/", floor))
    clear_url_caches()
    return make()


def cpu(act: Callable[[], object], calls: int) -> float:
    """The mean of so many calls: milliseconds of CPU, here and in the database backend."""
    begun = time.process_time() + backend()
    for _ in range(calls):
        act()
    return (time.process_time() + backend() - begun) / calls * 1000


def backend() -> float:
    """Seconds of CPU that this process' database backend has had so far."""
    from django.db import connection

    connection.ensure_connection()
    pid = connection.connection.get_backend_pid()
    nanoseconds, *_rest = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
    return int(nanoseconds) / 1e9
