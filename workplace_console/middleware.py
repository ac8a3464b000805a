"""What happens to every request, in the order of settings.MIDDLEWARE."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers

from groupco.sessions import HOST
from workplace_console import hosts
from workplace_console.charsets import is_utf8

Handler: TypeAlias = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: Handler) -> Handler:
    """Send SECURE_CSP with every answer. Django 6 has this built in, under the same setting."""
    policy = "; ".join(" ".join([name, *values]) for name, values in settings.SECURE_CSP.items())

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", policy)
        return response

    return handle


def only_utf8(get_response: Handler) -> Handler:
    """Refuse what says that it is written in anything but UTF-8.

    Django takes any codec of Python's for a charset, also those that make no text at all
    (charsets.py). The API reads UTF-8 whatever is said.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        said = (request.content_params or {}).get("charset", "utf-8")
        if not is_utf8(said) and not request.path_info.startswith("/api/"):
            return HttpResponse(render_to_string("400.html"), status=400)
        return get_response(request)

    return handle


def company_host(get_response: Handler) -> Handler:
    """Give a company's own host its own site map. R: A2."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.company_of_host = hosts.company_of(request.get_host())  # type: ignore[attr-defined]
        if request.company_of_host:  # type: ignore[attr-defined]
            request.urlconf = "workplace_console.company_urls"
        return get_response(request)

    return handle


def session_of_its_host(get_response: Handler) -> Handler:
    """A session belongs to the host it was made on and is void, for good, on any other. R: A5."""

    def handle(request: HttpRequest) -> HttpResponse:
        session = request.session
        if SESSION_KEY in session and session.get(HOST) != request.get_host():
            session.flush()
        return get_response(request)

    return handle


def language(get_response: Handler) -> Handler:
    """Korean, unless the reader has switched. R: H3. What the browser prefers is not asked."""
    known = {code for code, _name in settings.LANGUAGES}

    def handle(request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        chosen = wanted if wanted in known else settings.LANGUAGE_CODE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
        response.setdefault("Content-Language", chosen)
        patch_vary_headers(response, ["Cookie"])
        return response

    return handle
