"""The console with the floor page beside it: what gunicorn serves while pages are measured."""

from __future__ import annotations

from importlib import import_module

from benchmarks import floor
from benchmarks.scale.pages import TODAY
from workplace_console.wsgi import application

__all__ = ["application"]

floor.add_to(import_module("workplace_console.urls"), today=TODAY)
