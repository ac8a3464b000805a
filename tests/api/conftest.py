from __future__ import annotations

from typing import Any

import pytest

from tests.api.callers import DAY
from tests.companies import paid


@pytest.fixture
def acme(db: None, settings: Any) -> str:
    """A company that pays since today, with two accounts."""
    settings.CONSOLE_TODAY = DAY
    return paid("acme", on=DAY, accounts=2)
