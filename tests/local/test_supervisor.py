"""`make run`: what becomes of its processes, with small programs in the console's place."""

from __future__ import annotations

import http.client
import os
import signal
import socket
from pathlib import Path

import pytest

from tests.local.conftest import Process, eventually
from workplace_console.local.processes import is_alive
from workplace_console.local.supervisor import answers, console, usable_port
from workplace_console.local.terminal import Refusal

# Stands in for gunicorn: answers /healthz, says its number, and has a child of its own.
WEB = """
import http.server, os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{os.getpid()} {child.pid} {os.environ['DEMO']}".encode())
    def log_message(self, *_): pass
http.server.HTTPServer.allow_reuse_address = True
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
CRASHING = "import sys; sys.exit('부서짐')"
RUN = """
import sys
from pathlib import Path
from workplace_console.local import supervisor as s
from workplace_console.local.environment import Environment
from workplace_console.local.terminal import Refusal, warn

s.FIRST_DELAY = 0.02
s.STOP_TIMEOUT = 1.0
var, port, web, worker, step = sys.argv[1:]
python = lambda script: (sys.executable, "-c", script)
what = s.Console(
    port=int(port),
    steps=[s.Step("준비합니다.", python(step))],
    programs=[s.Program("web", "웹", python(web)), s.Program("worker", "작업", python(worker))],
    greeting=python("print('로그인 안내')"),
)
try:
    s.run(what, Path(var), Environment.read(Path("missing")))
except Refusal as refusal:
    warn(str(refusal))
    sys.exit(refusal.code)
"""
ELSEWHERE = {"DATABASE_URL": "postgres://elsewhere", "REDIS_URL": "redis://elsewhere"}
READY = "Ctrl-C"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(
    var: Path, port: int, *, web: str = WEB, worker: str = STUBBORN, step: str = "pass"
) -> Process:
    return Process(RUN, str(var), str(port), web, worker, step, **ELSEWHERE)


def web_processes(port: int) -> list[int]:
    """The numbers of the web stand-in and of its own child."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        body = connection.getresponse().read().decode().split()
    finally:
        connection.close()
    assert body[2] == "1"  # DEMO
    return [int(number) for number in body[:2]]


def test_it_announces_and_stops_in_order(new_var: Path, port: int) -> None:
    with run(new_var, port) as supervisor:
        supervisor.until(READY)
        assert f"http://localhost:{port}" in supervisor.output
        assert "로그인 안내" in supervisor.output
        processes = web_processes(port)
        supervisor.signal(signal.SIGINT)
        supervisor.until("멈추는 중입니다")
        supervisor.signal(signal.SIGINT)  # impatience changes nothing
        assert supervisor.end() == 0, supervisor.output
        assert "Traceback" not in supervisor.output
        assert eventually(lambda: not any(is_alive(pid) for pid in processes))


def test_sigterm_is_an_orderly_stop_too(new_var: Path, port: int) -> None:
    with run(new_var, port, worker="import time; time.sleep(600)") as supervisor:
        supervisor.until(READY)
        supervisor.signal(signal.SIGTERM)
        assert supervisor.end() == 0, supervisor.output
    assert not answers(port)


def test_a_program_that_dies_is_started_again(new_var: Path, port: int) -> None:
    with run(new_var, port) as supervisor:
        supervisor.until(READY)
        before = web_processes(port)
        os.kill(before[0], signal.SIGKILL)
        assert "웹(web)" in supervisor.until("다시 시작합니다")
        assert eventually(lambda: answers(port))
        assert web_processes(port)[0] != before[0]
        assert eventually(lambda: not is_alive(before[1]))  # what it left behind went with it


def test_a_program_that_keeps_dying_stops_everything(new_var: Path, port: int) -> None:
    with run(new_var, port, worker=CRASHING) as supervisor:
        assert supervisor.end() == 1
        assert str(new_var / "log" / "worker.log") in supervisor.output.splitlines()[-1]
        assert not answers(port)
    assert "부서짐" in (new_var / "log" / "worker.log").read_text(encoding="utf-8")


def test_a_failed_preparation_shows_why(new_var: Path, port: int) -> None:
    with run(new_var, port, step="import sys; sys.exit('마이그레이션 오류')") as supervisor:
        assert supervisor.end() == 1
        assert "마이그레이션 오류" in supervisor.output
        assert not answers(port)


def test_a_signal_during_the_preparation_stops_it(new_var: Path, port: int) -> None:
    with run(new_var, port, step="import time; time.sleep(600)") as supervisor:
        supervisor.until("준비합니다")
        supervisor.signal(signal.SIGTERM)
        assert supervisor.end() == 0, supervisor.output


def test_after_kill_9_of_the_supervisor_its_programs_go(new_var: Path, port: int) -> None:
    with run(new_var, port, worker="import time; time.sleep(600)") as supervisor:
        supervisor.until(READY)
        web = web_processes(port)
        supervisor.signal(signal.SIGKILL)
        supervisor.end()
        assert eventually(lambda: not is_alive(web[0]))
        # The real programs end their own children on that signal; this stand-in does not.
        os.kill(web[1], signal.SIGKILL)


@pytest.mark.parametrize("text", ["abc", "0", "-1", "65536", "99999", "", "8000.0", "８０００"])
def test_a_nonsense_port_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="PORT") as refused:
        usable_port(text)
    assert refused.value.code == 2


def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(Refusal, match=f"포트 {taken}"):
            usable_port(str(taken))
    assert usable_port(str(taken)) == taken


def test_the_console_listens_on_this_machine_only(tmp_path: Path) -> None:
    web = next(program for program in console(8123, tmp_path).programs if program.name == "web")
    assert "127.0.0.1:8123" in web.command
