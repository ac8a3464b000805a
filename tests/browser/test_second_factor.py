"""Passkeys and an app's codes in a real browser, with a key that Chromium plays. R: A6."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, Watched
from tests.browser.served import Served
from tests.browser.test_walk import PASSWORD, pay, sign_in
from tests.pages import people


def give_password(page: Page, served: Served) -> None:
    """The first step of signing in."""
    page.goto(served.url)
    page.get_by_label("이메일").fill("admin@acme.example")
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("heading", name="2단계 인증")).to_be_visible()


def virtual_key(page: Page) -> tuple[Any, str]:
    """A key that says yes at once, in this page's browser."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools, made["authenticatorId"]


def test_a_passkey_is_made_signs_in_and_is_needed(
    serve: Served, browse: Callable[..., Watched]
) -> None:
    pay(serve, since="2026-03-03", today="2026-03-05")
    watched = browse()
    page = watched.page
    devtools, key = virtual_key(page)

    # It is made, and with it come the recovery codes.
    sign_in(page, serve)
    page.goto(f"{serve.url}/account/second/")
    page.get_by_role("link", name="패스키 등록").click()
    expect(page.get_by_label("이름")).to_have_value("Chrome · Linux")
    page.get_by_label("이름").fill("회사 노트북")
    watched.check_accessible()
    page.get_by_role("button", name="패스키 등록").click()
    expect(page.get_by_text("지금만 보입니다.")).to_be_visible()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    watched.check_accessible()
    page.get_by_role("link", name="옮겨 두었습니다").click()
    expect(page.get_by_role("row", name="회사 노트북")).to_be_visible()

    # The next sign-in asks for it.
    page.get_by_role("button", name="로그아웃").click()
    give_password(page, serve)
    watched.check_accessible()
    watched.check_fits()
    page.get_by_role("button", name="패스키로 확인").click()
    expect(page.get_by_role("heading", name="대시보드")).to_be_visible()
    watched.check_quiet()

    # A browser that has another key, made for another site, gets no further; a code does.
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    elsewhere = browse(width=NARROW)
    virtual_key(elsewhere.page)
    give_password(elsewhere.page, serve)
    elsewhere.page.get_by_role("button", name="패스키로 확인").click()
    expect(elsewhere.page.get_by_text("패스키를 쓰지 못했습니다.")).to_be_visible()
    elsewhere.page.get_by_label("인증 코드").fill(codes[0])
    elsewhere.page.get_by_role("button", name="확인", exact=True).click()
    expect(elsewhere.page.get_by_role("heading", name="대시보드")).to_be_visible()
    elsewhere.check_quiet()


@pytest.mark.thorough
def test_an_app_is_set_up_and_used_without_script(
    serve: Served, browse: Callable[..., Watched]
) -> None:
    pay(serve, since="2026-03-03", today="2026-03-05")
    page = browse(script=False, width=NARROW).page

    sign_in(page, serve)
    page.goto(f"{serve.url}/account/second/app/")
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("앱에 보이는 코드").fill(people.code(secret))
    page.get_by_role("button", name="설정").click()
    expect(page.get_by_text("지금만 보입니다.")).to_be_visible()
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("button", name="로그아웃").click()

    give_password(page, serve)
    expect(page.get_by_role("button", name="패스키로 확인")).to_be_hidden()
    page.get_by_label("인증 코드").fill(codes[9])
    page.get_by_role("button", name="확인", exact=True).click()
    expect(page.get_by_role("heading", name="대시보드")).to_be_visible()
    page.goto(f"{serve.url}/account/second/")
    expect(page.get_by_text("9개")).to_be_visible()
