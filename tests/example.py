"""The example of docs/simulate.md, read from there: what is printed is what must be answered."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "simulate.md"
BLOCK: Final = re.compile(r"^```json\n(.*?)^```$", re.DOTALL | re.MULTILINE)

EXAMPLE: dict[str, Any]
ANSWER: dict[str, Any]
EXAMPLE, ANSWER = map(json.loads, BLOCK.findall(PAGE.read_text(encoding="utf-8")))
