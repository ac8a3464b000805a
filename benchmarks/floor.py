"""The floor page, a visitor, and a clock: what pages are measured with.

The floor page is what any page of ours costs at least: a signed-in user, three indexed queries, 25
rows, 8 KB. Pages are called in this process through the whole middleware. Time is CPU time, of this
process and of its database backend, so that other work on the machine matters less; the database
has to be on the same machine, and that a Linux. Everything of Django's is imported when it is
called: it must have been set up.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, Final

FLOOR: Final = "floor page"

ROWS: Final = """
{% load console %}<h1>Floor</h1><p>{{ company.name }}</p><table>{% for account in rows %}
<tr><th scope="row"><label class="check">
<input type="checkbox" class="input" name="account" value="{{ account.pk }}">
<span class="name">{{ account.employee.name|default:account.employee.number }}</span></label></th>
<td data-label="number">{{ account.employee.number }}</td><td>{{ account.employee.email }}</td>
<td data-label="day">{{ account.registered_on|day }}</td><td>{{ account.excluded_on }}</td></tr>
{% endfor %}</table>"""


def add_to(urls: ModuleType, *, today: date) -> None:
    """The floor page, at /floor/<company>/ beside the addresses of a urls module."""
    from django.http import HttpResponse
    from django.template import engines
    from django.urls import clear_url_caches, path

    from groupco.models import Account, Company, Headcount

    template = engines.all()[0].from_string(ROWS)

    def floor(request: Any, company_id: str) -> HttpResponse:
        if not request.user.is_authenticated:
            raise PermissionError
        company = Company.objects.get(pk=company_id)
        rows = Account.objects.filter(company=company).select_related("employee")
        context = {
            "company": company,
            "rows": list(rows.order_by("-registered_on", "-pk")[:25]),
            "count": list(Headcount.objects.filter(company=company, ends_on__gte=today)[:1]),
        }
        return HttpResponse(template.render(context))

    urls.urlpatterns.append(path("floor/<str:company_id>/", floor))
    clear_url_caches()


def sign_in(user: Any, *, host: str) -> str:
    """The key of a session of this user on a host."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from groupco.sessions import HOST, SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[HOST] = host
    session.save()
    return str(session.session_key)


def visitor(user: Any, *, host: str) -> Callable[[str], bytes]:
    """Asks for a page as gunicorn would, without a socket; raises unless it is there."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    application, key = get_wsgi_application(), sign_in(user, host=host)

    def call(url: str) -> bytes:
        path, _mark, query = url.partition("?")
        statuses: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": host,
            "SERVER_PORT": "80",
            "HTTP_HOST": host,
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

    return call


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
