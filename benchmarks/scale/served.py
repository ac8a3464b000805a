"""The console with the floor page beside it: what gunicorn serves while pages are measured."""

from __future__ import annotations

from datetime import date

from benchmarks import floor
from workplace_console.wsgi import application

__all__ = ["application"]


def _with_the_floor() -> None:
    from workplace_console import urls

    floor.add_to(urls, today=date(2028, 2, 1))


_with_the_floor()
