"""Support staff may read English, too: no Hangul on any page of theirs. R: H3.

The names of public holidays are names: they stay as somebody wrote them.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from billing.models import Holiday
from groupco.models import User
from tests.pages.people import signed_in
from tests.pages.test_english import Walk, english, owner

__all__ = ["owner"]


def kind_of(path: str) -> tuple[str, ...] | None:
    """Pages of one kind look alike: one of them is enough."""
    parts = urlsplit(path)
    if not parts.path.startswith("/support/") or "logout" in parts.path:
        return None
    asked = sorted(re.findall(r"(?:^|&)(\w+)", parts.query))
    return (re.sub(r"/[^/]*\d[^/]*/", "/…/", parts.path), *asked)


def test_no_page_of_the_support_site_has_hangul_in_english(owner: User) -> None:
    Holiday.objects.update(name="A holiday")
    staff = User.objects.create(email="staff@console.example", staff_roles=["support", "billing"])
    walk = Walk(english(signed_in(staff)))
    waiting, known = ["/support/"], set()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind is None or kind in known:
            continue
        known.add(kind)
        found = walk.look_at(path, walk.client.get(path, follow=True))
        waiting += [urljoin(path, link) for link in found.links if "//" not in link]

    assert walk.korean == {}
    assert len(known) > 30
