from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from groupco.choices import StaffRole
from groupco.models import User
from groupco.operations import set_sign_in
from tests.pages import people

DAY = date(2026, 3, 2)
ADDRESS = "192.0.2.9"


@pytest.fixture
def a_day(db: None, settings: Any) -> None:
    settings.CONSOLE_TODAY = DAY


def staff(*roles: StaffRole) -> User:
    """Support staff with these roles."""
    return set_sign_in(
        email="-".join(roles) + "@console.example", password="", staff_roles=list(roles)
    )


def client_of(user: User | None, **more: Any) -> Client:
    client = people.signed_in(user, **more)
    client.defaults["REMOTE_ADDR"] = ADDRESS
    return client


@pytest.fixture
def support(a_day: None) -> Client:
    """Signed in as staff who looks after companies, mail and jobs."""
    return client_of(staff(StaffRole.SUPPORT))


@pytest.fixture
def billing(a_day: None) -> Client:
    """Signed in as staff who looks after prices and bills."""
    return client_of(staff(StaffRole.BILLING))
