"""The English catalogue: whole, and with the same places to be filled in as the Korean text."""

from __future__ import annotations

import re

from django.conf import settings

from workplace_console import catalogue

PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+(?:![rs])?\}|%%|</?\w+>")


def test_english_is_whole_and_has_the_same_places() -> None:
    catalog = catalogue.fresh()

    assert catalogue.missing(catalog) == []
    for message in catalog:
        if not message.id:
            continue
        strings = [message.string] if isinstance(message.string, str) else message.string
        source = message.id if isinstance(message.id, str) else message.id[0]
        for english in strings:
            assert set(PLACE.findall(english)) == set(PLACE.findall(source)), source


def test_the_files_are_as_the_sources_say() -> None:
    catalog = catalogue.fresh()
    po = settings.BASE_DIR / catalogue.PO

    assert po.read_bytes() == catalogue.as_po(catalog)
    assert po.with_suffix(".mo").read_bytes() == catalogue.as_mo(catalog)
