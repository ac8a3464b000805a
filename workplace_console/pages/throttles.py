"""How often something may be tried from outside. Counted in the database, in real time."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import HttpRequest

from workplace_console.common.throttle import Throttle
from workplace_console.pages.client import client_address

# Wrong passwords: for one mail address from one place, from one place in all, and for one mail
# address from everywhere. The first is what people meet; the last is high, so that a stranger
# can't easily lock someone out.
PERSON: Final = Throttle("sign_in_person", limit=8, window=timedelta(minutes=10))
PLACE: Final = Throttle("sign_in_place", limit=60, window=timedelta(minutes=10))
TARGET: Final = Throttle("sign_in_target", limit=200, window=timedelta(hours=1))

# Wrong codes of a second factor, by those who know the password: from one place, and from
# everywhere. Of a million codes three are right at a time.
CODES: Final = Throttle("second_step_person", limit=8, window=timedelta(minutes=10))
CODES_OF_USER: Final = Throttle("second_step_target", limit=40, window=timedelta(hours=1))

# Mails that a stranger can have sent to an address.
MAILS: Final = Throttle("mails_to_address", limit=3, window=timedelta(hours=1))
MAILS_FROM: Final = Throttle("mails_from_place", limit=30, window=timedelta(hours=1))

# Requests that an employee sends to the console admins.
REQUESTS: Final = Throttle("change_requests", limit=5, window=timedelta(hours=1))

# Invitations that a company sends.
INVITATIONS: Final = Throttle("invitations", limit=30, window=timedelta(hours=1))

# Test mails to the billing addresses of a company: to one of them, and in all.
TESTS: Final = Throttle("address_tests", limit=3, window=timedelta(hours=1))
TESTS_OF_COMPANY: Final = Throttle("address_tests_of_company", limit=20, window=timedelta(hours=1))


def wait_for_test(company_id: str, address: str) -> int:
    """Count a test mail; 0 when it may be sent, else the seconds until one may."""
    return TESTS.hit(f"{company_id} {address}") or TESTS_OF_COMPANY.hit(company_id)


def wait_for_sign_in(request: HttpRequest, email: str) -> int:
    """Seconds until a password may be tried again; 0 when one may."""
    return max(throttle.wait(key) for throttle, key in _sign_in(request, email))


def count_wrong_password(request: HttpRequest, email: str) -> None:
    for throttle, key in _sign_in(request, email):
        throttle.hit(key)


def wait_for_code(request: HttpRequest, user_id: int) -> int:
    """Seconds until a code may be tried again; 0 when one may."""
    return max(throttle.wait(key) for throttle, key in _codes(request, user_id))


def count_wrong_code(request: HttpRequest, user_id: int) -> None:
    for throttle, key in _codes(request, user_id):
        throttle.hit(key)


def may_mail(request: HttpRequest, email: str) -> bool:
    """Count a mail that a stranger asks for; whether it may be sent."""
    place = client_address(request)
    return MAILS.hit(email.lower()) == 0 and MAILS_FROM.hit(place) == 0


def _codes(request: HttpRequest, user_id: int) -> tuple[tuple[Throttle, str], ...]:
    place = client_address(request)
    return (CODES, f"{place} {user_id}"), (CODES_OF_USER, str(user_id))


def _sign_in(request: HttpRequest, email: str) -> tuple[tuple[Throttle, str], ...]:
    place, address = client_address(request), email.lower()
    return (PERSON, f"{place} {address}"), (PLACE, place), (TARGET, address)
