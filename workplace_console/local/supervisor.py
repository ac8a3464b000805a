"""`make run`: the servers, the database's contents, and the console's processes, all together.

Everything lives as long as this process and no longer: it starts all of it, starts again what
dies, and stops it in order on Ctrl-C; after a kill -9 the kernel tells the children.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from workplace_console.local.environment import ROOT, Environment
from workplace_console.local.ownership import Given, Owner, owned
from workplace_console.local.processes import (
    die_with_parent,
    handling_signals,
    ignoring_signals,
    open_log,
)
from workplace_console.local.servers import HOST
from workplace_console.local.terminal import Refusal, say

DEFAULT_PORT = 8000
WEB_WORKERS = 2
WEB_THREADS = 4
WORKER_PROCESSES = 2

READY_TIMEOUT = 180.0
STOP_TIMEOUT = 20.0
# A process that dies this often within the window will not be helped by starting it again.
MAX_DEATHS = 5
DEATH_WINDOW = 60.0
FIRST_DELAY = 0.5
LONGEST_DELAY = 8.0
_TICK = 0.1
_TAIL = 15


@dataclass(frozen=True)
class Program:
    """One of the console's long-running processes."""

    name: str
    label: str
    command: Sequence[str]


@dataclass(frozen=True)
class Step:
    """A command that must succeed before the programs start."""

    message: str
    command: Sequence[str]


@dataclass(frozen=True)
class Console:
    """What is run: `console()` describes the real one."""

    port: int
    steps: Sequence[Step]
    programs: Sequence[Program]
    greeting: Sequence[str]
    root: Path = ROOT


def console(port: int, var: Path) -> Console:
    """The console itself: web, worker and beat."""
    python = sys.executable
    manage = (python, "manage.py")
    celery = (python, "-m", "celery", "-A", "workplace_console.celery")
    web = (
        *(python, "-m", "gunicorn", "workplace_console.wsgi:application"),
        *("--bind", f"{HOST}:{port}", "--worker-class", "gthread"),
        *("--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS)),
        *("--access-logfile", "-", "--no-control-socket"),
    )
    worker = (
        *(*celery, "worker", "--loglevel", "INFO", "--concurrency", str(WORKER_PROCESSES)),
        *("--without-gossip", "--without-mingle"),  # there is one worker: nobody to talk to
    )
    # No pid file: the lock on `var/` already keeps a second beat away, and a stale file would not.
    beat = (
        *(*celery, "beat", "--loglevel", "INFO", "--pidfile", ""),
        *("--schedule", str(var / "beat-schedule")),
    )
    return Console(
        port=port,
        steps=(
            Step("데이터베이스를 준비합니다.", (*manage, "migrate", "--noinput")),
            Step("데모 데이터를 확인합니다.", (*manage, "demo", "--once")),
        ),
        programs=(
            Program("web", "웹 서버", web),
            Program("worker", "작업 처리기", worker),
            Program("beat", "일정 관리자", beat),
        ),
        greeting=(*manage, "demo", "--sign-ins"),
    )


class Child:
    """A program's process, started again when it dies."""

    def __init__(self, program: Program, root: Path, log: Path, variables: Mapping[str, str]):
        self.program = program
        self.log = log
        self._root = root
        self._variables = variables
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths: deque[float] = deque(maxlen=MAX_DEATHS)
        self._start_at = 0.0

    def watch(self) -> None:
        """Start the process unless it runs; after a death first wait, longer each time."""
        if self._process is not None:
            if self._process.poll() is None:
                return
            self._bury(self._process)
        if time.monotonic() >= self._start_at:
            self._start()

    def _start(self) -> None:
        with open_log(self.log) as log:
            # SIGQUIT is the quick stop of gunicorn and Celery, their own processes included: when
            # the supervisor is gone the database goes too, so nothing is left to finish.
            self._process = subprocess.Popen(
                list(self.program.command),
                cwd=self._root,
                env=self._variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the supervisor alone
                preexec_fn=die_with_parent(signal.SIGQUIT),
            )

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """Count a death; refuse to go on when there were too many."""
        self._process = None
        _kill_group(process.pid)
        now = time.monotonic()
        self._deaths.append(now)
        recent = sum(now - death < DEATH_WINDOW for death in self._deaths)
        label = f"{self.program.label}({self.program.name})"
        if recent >= MAX_DEATHS:
            raise Refusal(
                f"{label}: 1분 안에 {MAX_DEATHS}번 죽어 모두 멈춥니다. 기록을 보세요: {self.log}", 1
            )
        delay = min(FIRST_DELAY * 2 ** (recent - 1), LONGEST_DELAY)
        self._start_at = now + delay
        say(f"{label}: 죽어서 {delay:g}초 뒤에 다시 시작합니다. 기록: {self.log}")

    def ask_to_stop(self) -> None:
        """Let the process finish what it is doing."""
        if self._process is not None:
            self._process.terminate()

    def wait_or_kill(self, deadline: float) -> None:
        """See the process off, by force once the time is up, and whatever it left behind."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        _kill_group(process.pid)
        process.wait()


def _kill_group(leader: int) -> None:
    """Kill what is left of a process group: every child leads its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


class Supervisor:
    """Runs a console on servers that are already up."""

    def __init__(self, what: Console, owner: Owner, var: Path, variables: Mapping[str, str]):
        self._what = what
        self._owner = owner
        self._logs = var / "log"
        self._variables = variables
        self._children = [
            Child(program, what.root, self._logs / f"{program.name}.log", variables)
            for program in what.programs
        ]

    def run(self) -> None:
        """Prepare, start, announce, and then watch until somebody interrupts."""
        for step in self._what.steps:
            say(step.message)
            self._perform(step.command)
        try:
            self._tick()
            greeting = self._perform(self._what.greeting)  # while the programs are starting
            self._wait_until_ready()
            say(
                f"\n콘솔이 실행 중입니다: http://localhost:{self._what.port}\n\n{greeting.rstrip()}"
            )
            say("\n멈추려면 Ctrl-C 를 누르세요.")
            while True:
                self._tick()
        finally:
            with ignoring_signals():
                self._stop()

    def _perform(self, command: Sequence[str]) -> str:
        """Run a command to its end; its errors go to the terminal, nothing else does."""
        process = subprocess.Popen(
            list(command),
            cwd=self._what.root,
            env=self._variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        try:
            output, errors = process.communicate()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if process.returncode:
            tail = errors.decode(errors="replace").rstrip().splitlines()[-_TAIL:]
            raise Refusal("\n".join([*tail, f"준비에 실패했습니다: {' '.join(command[1:])}"]), 1)
        return output.decode(errors="replace")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_TIMEOUT
        while not answers(self._what.port):
            if time.monotonic() > deadline:
                raise Refusal(
                    f"웹 서버가 응답하지 않습니다. 기록을 보세요: {self._logs / 'web.log'}", 1
                )
            self._tick()

    def _tick(self) -> None:
        """Start again what has died; sleep a moment."""
        for server in self._owner.servers:
            if server.exited():
                say(f"{server.label}: 죽어서 다시 시작합니다. 기록: {server.log}")
                server.start()
        for child in self._children:
            child.watch()
        time.sleep(_TICK)

    def _stop(self) -> None:
        """All at once, then each in turn: together they have the time that one would have."""
        say("\n멈추는 중입니다.")
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_TIMEOUT
        for child in self._children:
            child.wait_or_kill(deadline)


def answers(port: int) -> bool:
    """Whether /healthz says 200 (asked without any proxy of the environment)."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def usable_port(text: str) -> int:
    """The port to serve on: a number in range that nobody else listens on."""
    port = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= port <= 65535:
        raise Refusal(
            f"PORT 는 1~65535 의 숫자여야 합니다(받은 값: {text}). 예: make run PORT=8001"
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except PermissionError as error:
            raise Refusal(
                f"포트 {port}번을 쓸 권한이 없습니다. 1024 이상의 포트를 지정하세요. "
                "예: make run PORT=8001"
            ) from error
        except OSError as error:
            raise Refusal(
                f"포트 {port}번을 이미 다른 프로그램이 쓰고 있습니다. 그 프로그램을 멈추거나 "
                "다른 포트를 지정하세요. 예: make run PORT=8001"
            ) from error
    return port


class _FirstSignalOnly:
    """The first Ctrl-C (or kill, or closed terminal) interrupts; later ones are ignored."""

    def __init__(self) -> None:
        self._interrupted = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._interrupted:
            self._interrupted = True
            raise KeyboardInterrupt


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Turn the first signal that asks us to stop into KeyboardInterrupt, and end quietly on it."""
    with handling_signals(_FirstSignalOnly()):
        try:
            yield
        except KeyboardInterrupt:
            say("모두 멈췄습니다.")


def run(what: Console, var: Path, environment: Environment) -> None:
    """Run a console until somebody stops it."""
    given = Given(environment.database_url, environment.redis_url)
    with interruptible(), owned(var, given) as owner:
        say("서버를 시작합니다.")
        with owner.running() as urls:
            variables = {
                **os.environ,
                "DEMO": "1",
                "DATABASE_URL": urls.database,
                "REDIS_URL": urls.redis,
                "PORT": str(what.port),
                "PYTHONUNBUFFERED": "1",
                "PYTHONUTF8": "1",
            }
            Supervisor(what, owner, var, variables).run()
