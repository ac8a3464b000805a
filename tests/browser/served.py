"""The console as a browser meets it: a web server of its own, on a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests import databases

READY_WITHIN = 60.0


class Served:
    """The console on a business day; `on` moves on to another, as the days go by."""

    def __init__(self, database: str, log: Path) -> None:
        self.database = database
        self.port = free_port()
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.today = ""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def company_url(self, company_id: str) -> str:
        return f"http://{company_id}.localhost:{self.port}"

    def on(self, today: str) -> None:
        """Serve this business day; the night's work up to it is done before."""
        self.stop()
        self.today = today
        databases.live([(today, ["run_daily"], "")], database=self.database)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "workplace_console.wsgi:application"),
                    *("--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"),
                    *("--threads", "4", "--no-control-socket"),
                ],
                cwd=databases.ROOT,
                env=os.environ
                | {
                    "DATABASE_URL": databases.url(self.database),
                    "CONSOLE_TODAY": today,
                    "CONSOLE_URL": self.url,
                    "COMPANY_DOMAIN": "localhost",
                },
                stdout=log,
                stderr=log,
            )
        self._wait()

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)
            self._process = None

    def _wait(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            assert self._process
            assert self._process.poll() is None, self._log.read_text(encoding="utf-8")
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):  # noqa: S310
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)  # the server is starting; there is nothing to wait on but it
        raise AssertionError(self._log.read_text(encoding="utf-8"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
