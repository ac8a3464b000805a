"""Install the locked packages into .venv: `python requirements/install.py base local [dev]`.

With --check nothing is installed: the exit status says whether everything is in place. Standard
library only; it is run before anything else exists.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Written last: an install that was interrupted has none, and is done again from the start.
STAMP = VENV / "installed.json"


def lock_file(name: str) -> Path:
    """The file that pins a set of packages."""
    return ROOT / "requirements" / f"{name}.lock"


def digest(name: str) -> str:
    """What changes when a set of packages does."""
    return hashlib.sha256(lock_file(name).read_bytes()).hexdigest()


def installed() -> dict[str, str]:
    """The sets in .venv by name with their digests; none when another Python made it."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    known: dict[str, str] = stamp["locks"] if stamp["python"] == sys.version else {}
    return known


def is_complete(names: list[str]) -> bool:
    """Whether all these sets are installed as they are locked now."""
    known = installed()
    return all(known.get(name) == digest(name) for name in names)


@contextmanager
def only_one() -> Iterator[None]:
    """Let a second `make` wait for the first instead of installing into the same place."""
    var = ROOT / "var"
    if not var.is_dir():
        var.mkdir()
        var.chmod(0o711 if os.geteuid() == 0 else 0o700)
    with (var / "install.lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def install(names: list[str]) -> None:
    """Add the missing sets; where one has changed, build .venv anew so that nothing old stays."""
    known = installed()
    names = sorted({*known, *names})
    STAMP.unlink(missing_ok=True)
    if not known or any(known[name] != digest(name) for name in known):
        say("파이썬 환경(.venv)을 만듭니다.")
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
    say("패키지를 설치합니다(처음에는 1분쯤 걸립니다).")
    options = ("-qq", "--disable-pip-version-check", "--no-input", "--require-hashes")
    locks = [part for name in names for part in ("-r", str(lock_file(name)))]
    run(str(PYTHON), "-m", "pip", "install", *options, *locks)
    find_our_packages()
    stamp = {"python": sys.version, "locks": {name: digest(name) for name in names}}
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps(stamp), encoding="utf-8")
    new.replace(STAMP)


def find_our_packages() -> None:
    """Let .venv's programs (pytest, celery) import the clone's packages, wherever it is moved."""
    for packages in VENV.glob("lib/python3*/site-packages"):
        path = packages / "workplace_console.pth"
        path.write_text(os.path.relpath(ROOT, packages) + "\n", encoding="ascii")


def run(*command: str) -> None:
    """Run a command that must succeed; its own message stands above ours."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit(
            "패키지를 설치하지 못했습니다. 위의 오류를 보고 네트워크와 디스크 공간을 확인한 뒤 "
            "다시 실행하세요."
        )


def say(message: str) -> None:
    """Tell the operator how things go."""
    sys.stdout.write(message + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Install, or with --check only look."""
    names = [argument for argument in arguments if argument != "--check"]
    if "--check" in arguments:
        return 0 if is_complete(names) else 1
    with only_one():
        if not is_complete(names):
            install(names)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
