"""A request may say that it is written in anything: it is answered, by the server that is run."""

from __future__ import annotations

from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest

from workplace_console.wsgi import application

pytestmark = pytest.mark.django_db


def asked(content_type: str, *, url: str = "/login/", query: str = "next=/") -> tuple[str, dict]:
    """Status and head of the answer to a POST."""
    told: list[tuple[str, dict[str, str]]] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": url,
        "QUERY_STRING": query,
        "HTTP_HOST": "localhost",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": "3",
        "wsgi.input": BytesIO(b"a=b"),
    }
    setup_testing_defaults(environ)
    b"".join(application(environ, lambda status, head: told.append((status, dict(head)))))
    return told[0]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize(
    "said",
    [
        *("charset=rot13", "charset=base64", 'charset="zlib"', "charset=utf-16", "charset=idna"),
        *("charset=nonsense", "charset=", "charset=\0", "CHARSET=hex", "boundary=x; charset=rot13"),
        *("x*=nonsense''y", "charset*=nonsense''y", "charset*0=rot; charset*1=13"),
    ],
)
def test_another_charset_is_refused_in_the_usual_way(kind: str, said: str) -> None:
    status, head = asked(f"{kind}; {said}")
    assert status == "400 Bad Request"
    assert "default-src 'none'" in head["Content-Security-Policy"]


@pytest.mark.parametrize("said", ["", "; charset=UTF-8", '; charset="utf8"', "; boundary=x"])
def test_utf8_is_taken(said: str) -> None:
    """As far as the form's missing token."""
    assert asked(f"application/x-www-form-urlencoded{said}")[0] == "403 Forbidden"


@pytest.mark.parametrize("said", ["; charset=rot13", "; x*=nonsense''y"])
def test_the_api_reads_utf8_whatever_is_said(said: str) -> None:
    status, head = asked(f"application/json{said}", url="/api/v1/companies/acme/accounts")
    assert (status, head["Content-Type"]) == ("401 Unauthorized", "application/problem+json")
