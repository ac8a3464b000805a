"""The Celery app and its timetable.

Messages carry no facts: a task looks in the database for what is due, so a message that is lost,
doubled or late changes nothing.
"""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workplace_console.settings")

app = Celery("workplace_console")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workplace_console"])
app.conf.beat_schedule = {
    # R: I4. The night's work, at 00:00 Asia/Seoul.
    "daily-run": {
        "task": "workplace_console.tasks.run_daily",
        "schedule": crontab(hour=0, minute=0),
    },
    # The sweeps find whatever was missed (no beat, no broker, a killed worker). They expire: with
    # no worker about, hints to look do not pile up.
    "daily-sweep": {
        "task": "workplace_console.tasks.run_daily",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Once a day what is due; every time what a gateway has not answered yet.
    "collect-payments": {
        "task": "workplace_console.tasks.collect_payments",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "delete-data": {
        "task": "workplace_console.tasks.delete_data",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "drop-answers": {
        "task": "workplace_console.tasks.drop_answers",
        "schedule": crontab(minute=17),
        "options": {"expires": 3600},
    },
    # In the quietest hour, and again while somebody is in the way.
    "rewrite-tables": {
        "task": "workplace_console.tasks.rewrite_tables",
        "schedule": crontab(hour=4, minute="*/10"),
        "options": {"expires": 600},
    },
    # When the night's work is long done. What differs then is told to staff.
    "check-books": {
        "task": "workplace_console.tasks.check_books",
        "schedule": crontab(hour=3, minute=0),
    },
    "check-itself": {
        "task": "workplace_console.tasks.check_itself",
        "schedule": crontab(hour=3, minute=30),
    },
    "mail-sweep": {
        "task": "workplace_console.tasks.send_mail",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
}
# A night in shares wants as many workers as there are: each takes shares until none is left.
app.conf.beat_schedule |= {
    f"daily-run-{number}": app.conf.beat_schedule["daily-run"]
    for number in range(2, settings.NIGHT_SHARES + 1)
}
