"""Ten thousand rows in one upload: one sees that it goes on, and script is not needed. R: H4."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.served import Served
from tests.browser.test_walk import pay, sign_in

# As many as are promised where the browser may not be missing (.ci/run); elsewhere enough to see.
ROWS = 10_000 if os.environ.get("BROWSER_REQUIRED") else 2_000
IN_TIME = 60_000  # milliseconds, on a busy machine

# What the page has shown of its progress, kept where the page's next content can't take it away.
WATCH = """() => {
  window.told = [];
  new MutationObserver(() => {
    const shown = document.querySelector("[data-busy-shown]:not([hidden])");
    const text = shown?.querySelector("span").textContent;
    if (text && !window.told.includes(text)) window.told.push(text);
  }).observe(document, { subtree: true, childList: true, attributes: true });
}"""


@pytest.mark.parametrize(
    ("script", "width"), [(True, WIDE), (False, NARROW)], ids=["script", "without"]
)
def test_a_long_roster_is_taken_at_once(
    serve: Served, browse: Callable[..., Watched], tmp_path: Path, script: bool, width: int
) -> None:
    pay(serve, since="2026-03-02", today="2026-03-10")
    rows = "".join(f"N{n},김사원{n},n{n}@acme.example\n" for n in range(ROWS))
    file = tmp_path / "roster.csv"
    file.write_text(f"사번,이름,이메일\n{rows}", encoding="utf-8")
    watched = browse(script=script, width=width)
    page = watched.page
    sign_in(page, serve)
    page.goto(f"{serve.url}/c/acme/accounts/import/")
    if script:
        page.evaluate(WATCH)

    page.get_by_label("CSV 파일").set_input_files(file)
    page.get_by_role("button", name="미리 보기").click()
    expect(page.get_by_role("heading", name="이 파일로 바뀌는 것")).to_be_visible(timeout=IN_TIME)
    if script:  # axe can't do without it
        watched.check_accessible()
    page.get_by_role("button", name="등록", exact=True).click(timeout=IN_TIME)

    expect(page.get_by_text(f"새 등록 {ROWS:,}건")).to_be_visible(timeout=IN_TIME)
    expect(page).to_have_url(f"{serve.url}/c/acme/accounts/")
    expect(page.get_by_text(f"오늘 {ROWS + 7:,}명이")).to_be_visible()
    if script:
        told = page.evaluate("() => window.told")
        assert told[-1] == f"{ROWS:,}행을 등록하고 있습니다"
        assert "파일을 확인하고 있습니다" in told
    watched.check_fits()
    watched.check_quiet()
