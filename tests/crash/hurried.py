"""The console's Celery app with a clock that hurries: what beat looks at every minute, it looks at
every half second, and a message that a dead worker held comes back at once.

Only for `celery -A tests.crash.hurried`; tasks, settings and the worker are the product's own.
"""

from __future__ import annotations

from workplace_console.celery import app

__all__ = ["app"]

SWEEPS = ("daily-sweep", "collect-payments", "delete-data", "drop-answers", "check-books")

app.conf.beat_schedule = {
    name: {"task": app.conf.beat_schedule[name]["task"], "schedule": 0.5} for name in SWEEPS
}
app.conf.beat_max_loop_interval = 0.25
# Measured: by default kombu looks for messages of the dead every 100 seconds.
app.conf.broker_transport_options = {
    "visibility_timeout": 5,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
