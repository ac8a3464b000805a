from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from workplace_console.common.refusal import Refused


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What happens within is refused, for this reason."""
    with pytest.raises(Refused) as no:
        yield
    assert no.value.code == code
