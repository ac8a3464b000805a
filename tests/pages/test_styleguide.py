"""The style guide shows every part, and is not there in earnest."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as console
from django.test import Client

PARTS = sorted(path.name for path in (console.BASE_DIR / "templates" / "parts").glob("*.html"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_part_is_shown(client: Client, settings: Any, language: str) -> None:
    settings.DEBUG = True
    client.cookies["console_language"] = language

    answer = client.get("/styleguide/")

    assert answer.status_code == 200
    drawn = {template.name for template in answer.templates if template.name}
    assert [part for part in PARTS if f"parts/{part}" not in drawn] == []
    ids = re.findall(r'\bid="([^"]+)"', answer.content.decode())
    assert not {name for name in ids if name.startswith("h-") and ids.count(name) > 1}


def test_in_earnest_it_is_not_there(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404
