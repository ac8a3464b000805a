"""Looks for secrets among the files of the repository; `make check` runs it. No network.

    python -m tests.secrets_scan

One line for each finding, exit 1 with any. What only looks like one says `no secret` on its line.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
EXCUSE: Final = "no secret"

# What secrets look like by themselves, whatever they are called.
SHAPES: Final = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "AWS key": re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})\b"),
    "Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b"),
    "Google key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "Stripe key": re.compile(r"\b[rs]k_live_[0-9a-zA-Z]{20,}\b"),
    "JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[\w-]{10,}"),
    "webhook secret": re.compile(r"\bwhsec_[A-Za-z0-9+/=]{24,}"),
}
# A text that is given to something called a secret, and looks random.
NAMED: Final = re.compile(
    r"""(?i)(?:secret|password|passwd|token|api_?key|sealing_keys?)\w*["']?\s*[:=]\s*["']?"""
    r"""([A-Za-z0-9+/=_\-.]{16,})"""
)
# Bits a letter; words of a language have less than random letters of the same number.
RANDOM: Final = 3.7
MOST_BYTES: Final = 1_000_000
HASHES: Final = (".lock",)


def entropy(text: str) -> float:
    """Bits a letter of a text."""
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)


def secrets_in(line: str) -> Iterator[str]:
    """What a line seems to give away."""
    if EXCUSE in line:
        return
    for name, shape in SHAPES.items():
        if shape.search(line):
            yield name
    for found in NAMED.finditer(line):
        text = found[1]
        has_all = re.search(r"[0-9]", text) and re.search(r"[a-z]", text)
        if has_all and entropy(text) >= RANDOM and not re.fullmatch(r"[a-z0-9_.]+", text):
            yield f"random text given to {found[0][:20]}…"


def scan(root: Path = ROOT) -> Iterator[str]:
    """Findings in all files that git knows."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if Path(name).name == ".env":
            yield f"{name}: settings do not belong here"
        file = root / name
        if file.suffix in HASHES or not file.is_file() or file.stat().st_size > MOST_BYTES:
            continue
        for number, line in enumerate(file.read_text(errors="ignore").splitlines(), start=1):
            for what in secrets_in(line):
                yield f"{name}:{number}: {what}"


def main() -> int:
    found = list(scan())
    for finding in found:
        print(finding)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
