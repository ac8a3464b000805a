"""Who runs the servers of a `var/`: one process owns them, any number of others join in.

Three files say it, and the kernel clears the locks whatever way a process ends:

- `owner.lock` is held exclusively by the owner, from before the start to after the stop;
- `guests.lock` is held shared by everyone who joined; the owner takes it exclusively before it
  stops the servers, so it waits for them, and nobody can join any more;
- `owner.json` says who the owner is and, once the servers answer, where they are.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from workplace_console.local.processes import handling_signals, ignoring_signals, is_alive, try_lock
from workplace_console.local.servers import START_TIMEOUT, STOP_TIMEOUT, Postgres, Server, Valkey
from workplace_console.local.terminal import Refusal, warn

RUN = "make run"
COMMAND = "manage.py"
# The owner may be busy starting or stopping; longer than both together is a fault.
_JOIN_TIMEOUT = START_TIMEOUT + 2 * STOP_TIMEOUT
_TAKE_TIMEOUT = 60.0
_PATIENCE = 2.0  # waiting longer than this is explained
_POLL = 0.05


@dataclass(frozen=True)
class Urls:
    """Where the servers are, passwords included."""

    database: str
    redis: str


@dataclass(frozen=True)
class Given:
    """Servers that somebody else runs: what is given here is not started."""

    database: str | None = None
    redis: str | None = None

    def completed(self, embedded: Urls | None = None) -> Urls | None:
        """Both addresses, out of those given and those of embedded servers; None if one lacks."""
        database = self.database or (embedded.database if embedded else "")
        redis = self.redis or (embedded.redis if embedded else "")
        return Urls(database, redis) if database and redis else None


@dataclass(frozen=True)
class _State:
    """What `owner.json` holds; `urls` are those of the embedded servers only, else empty.

    A guest must never be led to a database that only the owner was told to use.
    """

    pid: int
    kind: str
    urls: Urls | None = None

    @classmethod
    def read(cls, path: Path) -> _State | None:
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        urls = Urls(**raw["urls"]) if raw["urls"] else None
        return cls(int(raw["pid"]), str(raw["kind"]), urls)

    def write(self, path: Path) -> None:
        """Replace the file as a whole; only its owner reads it, for it holds the passwords."""
        new = path.with_name(path.name + ".new")
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file)
        new.replace(path)


class Owner:
    """The process that runs the servers, while it holds `owner.lock`."""

    def __init__(self, var: Path, given: Given, kind: str, *, durable: bool) -> None:
        self._guests = var / "guests.lock"
        self._state = var / "owner.json"
        self._kind = kind
        self._given = given
        self.postgres = None if given.database else Postgres(var, durable=durable)
        self.valkey = None if given.redis else Valkey(var, durable=durable)

    @property
    def servers(self) -> list[Server]:
        """The servers that this owner runs, in the order of their start."""
        return [server for server in (self.postgres, self.valkey) if server is not None]

    @contextlib.contextmanager
    def running(self) -> Iterator[Urls]:
        """Run the servers; at the end wait for the guests, then stop them."""
        _State(os.getpid(), self._kind).write(self._state)
        try:
            embedded = self._start()
            _State(os.getpid(), self._kind, embedded).write(self._state)
            urls = self._given.completed(embedded)
            if urls is None:
                raise RuntimeError("a server is neither given nor started")
            yield urls
        finally:
            with _locked_out(self._guests), ignoring_signals():
                self._state.unlink(missing_ok=True)
                self._stop()

    def _start(self) -> Urls:
        database = self.postgres.start() if self.postgres else ""
        redis = self.valkey.start() if self.valkey else ""
        return Urls(database, redis)

    def _stop(self) -> None:
        for server in reversed(self.servers):
            server.stop()


@contextlib.contextmanager
def servers(
    var: Path, given: Given | None = None, *, durable: bool = True, kind: str = COMMAND
) -> Iterator[Urls]:
    """The servers of `var`: joined where another process runs them, else run by this one."""
    given = given or Given()
    complete = given.completed()
    if complete is not None:
        yield complete
        return
    _make(var)
    with _joined_or_owned(Owner(var, given, kind, durable=durable), var, given) as urls:
        yield urls


@contextlib.contextmanager
def _joined_or_owned(owner: Owner, var: Path, given: Given) -> Iterator[Urls]:
    """Try both until one works: the owner may vanish or stop while we are arriving."""
    waiting = _Waiting("다른 명령이 데이터베이스를 켜거나 끄는 중이라 기다립니다.", _JOIN_TIMEOUT)
    while True:
        with _lock(var / "owner.lock") as taken:
            if taken:
                with owner.running() as urls:
                    yield urls
                return
        with _guest(var, given) as found:
            if found is not None:
                yield found
                return
        if not waiting.goes_on():
            raise Refusal(
                "다른 명령이 데이터베이스를 쓰고 있어 시작하지 못했습니다. "
                "그 명령이 끝난 뒤 다시 실행하세요.",
                1,
            )


@contextlib.contextmanager
def owned(var: Path, given: Given) -> Iterator[Owner]:
    """For `make run`: own the servers or refuse; a short command's end is waited for."""
    _make(var)
    busy = "다른 명령이 데이터베이스를 쓰고 있어 끝나기를 기다립니다(최대 60초)."
    waiting = _Waiting(busy, _TAKE_TIMEOUT, patience=0.5)
    while True:
        with _lock(var / "owner.lock") as taken:
            if taken:
                yield Owner(var, given, RUN, durable=True)
                return
        refuse_second_run(var)
        if not waiting.goes_on():
            raise Refusal(
                "다른 명령이 60초가 지나도 데이터베이스를 놓지 않습니다. "
                "그 명령을 끝낸 뒤 다시 실행하세요."
            )


def refuse_second_run(var: Path) -> None:
    """Say so at once where another `make run` holds `var`."""
    _make(var)
    with _lock(var / "owner.lock") as free:
        state = None if free else _State.read(var / "owner.json")
    if state is not None and state.kind == RUN and is_alive(state.pid):
        raise Refusal(
            "이 폴더에서 콘솔이 이미 실행 중입니다. 그 창에서 Ctrl-C 로 멈춘 뒤 다시 실행하세요."
        )


@contextlib.contextmanager
def _lock(path: Path, *, shared: bool = False) -> Iterator[bool]:
    """Whether the lock could be had; if so it is held as long as the context."""
    with path.open("ab") as handle:
        yield try_lock(handle, shared=shared)


@contextlib.contextmanager
def _guest(var: Path, given: Given) -> Iterator[Urls | None]:
    """The owner's servers, kept from stopping as long as the context; None where there are none.

    The lock comes first: once we have it, a living owner cannot stop what it announced.
    """
    with _lock(var / "guests.lock", shared=True) as admitted:
        state = _State.read(var / "owner.json") if admitted else None
        if state is None or state.urls is None or not is_alive(state.pid):
            yield None
            return
        urls = given.completed(state.urls)
        if urls is None:
            raise Refusal(
                "실행 중인 다른 명령과 DATABASE_URL 이나 REDIS_URL 이 다릅니다. 같은 값을 "
                "지정하거나 그 명령이 끝난 뒤 다시 실행하세요."
            )
        yield urls


@contextlib.contextmanager
def _locked_out(guests: Path) -> Iterator[None]:
    """Wait for the guests and let nobody join; Ctrl-C ends the waiting, not the orderly stop."""
    waiting = _Waiting(
        "다른 명령이 데이터베이스를 쓰고 있어 끝나기를 기다립니다. "
        "기다리지 않고 멈추려면 Ctrl-C 를 누르세요."
    )
    with guests.open("ab") as handle:
        with handling_signals(signal.default_int_handler, signal.SIGINT):
            try:
                while not try_lock(handle) and waiting.goes_on():
                    pass
            except KeyboardInterrupt:
                warn("기다리지 않고 데이터베이스를 멈춥니다.")
        yield


class _Waiting:
    """Waiting that explains itself once it takes noticeable time, and may come to an end."""

    def __init__(
        self, message: str, timeout: float | None = None, *, patience: float = _PATIENCE
    ) -> None:
        now = time.monotonic()
        self._message: str | None = message
        self._tell_at = now + patience
        self._deadline = None if timeout is None else now + timeout

    def goes_on(self) -> bool:
        """Sleep a moment; False once the time is up."""
        now = time.monotonic()
        if self._message is not None and now >= self._tell_at:
            warn(self._message)
            self._message = None
        time.sleep(_POLL)
        return self._deadline is None or now < self._deadline


def _make(var: Path) -> None:
    """`var/` is closed to others; as root the database's own user must get through it."""
    try:
        if not var.is_dir():
            var.mkdir(parents=True, exist_ok=True)
            var.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (var / "owner.lock").touch()
    except OSError as error:
        raise Refusal(
            f"폴더에 쓸 수 없습니다({var}). 폴더의 주인과 권한을 고친 뒤 다시 실행하세요."
        ) from error
