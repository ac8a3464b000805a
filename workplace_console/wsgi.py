import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from workplace_console.charsets import readable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workplace_console.settings")

_answer = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return _answer(readable(environ), start_response)
