"""사용자 관리: people come and go, alone or by CSV, and the bill is shown before. R: E4, H4."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.queries import statements
from groupco import queries
from groupco.choices import Role
from groupco.models import Account, User
from groupco.operations import Person
from products import operations
from products.choices import Cycle, Plan
from tests.billing.stories import next_month, undone
from tests.companies import BY, trial
from tests.pages import people
from tests.pages.test_bad_input import fingerprint
from workplace_console import daily
from workplace_console.pages.paging import PAGE

DAY = date(2026, 3, 1)
PATH, EMPTY, AT_HOST = "/c/acme/accounts/", "/c/empty/accounts/", "/accounts/"
KIM = ("E1", "김하나", "kim@acme.example", DAY)
LEE = ("E2", "이두리", "lee@acme.example", DAY)
MORE = "employee,name\nE1,김하나\nN1,새 사람\nN2,\n"
WON = re.compile(r"\d\s*(<[^>]*>)*원|₩|요금")

NUMBERS = re.compile(r'</th>\s*<td data-label="[^"]*">(.*?)</td>')
BESIDE = 'id="id_{}_error">(.*?)</ul>'

REFUSED = [
    ({}, "name", "이름이나 사번을 적으세요."),
    ({"number": "E1", "name": "또"}, "number", "E1은 이미 등록된 사번입니다."),
    ({"number": "E9", "email": "KIM@acme.example"}, "email", "다른 사원이 쓰는 이메일"),
    ({"name": "박", "email": "park"}, "email", "이메일 주소를 name@company.example처럼"),
]
BAD_FILES = [
    (b"", "1행: employee 열이 없습니다."),
    (b"\xff\xff", "1행: 글자를 읽을 수 없습니다."),
    (b"employee\nN1\n\n,\nN2,x\n", "5행: 칸이 2개입니다."),
    (b'employee,name\nN1,a\nN2,"c', "3행: CSV 형식이 아닙니다."),
    (b'employee,name\nN1,"a\nb"\n', "3행: name이 너무 길거나 쓸 수 없는 글자가"),
    (b"employee,registered_on\nN1,2026-03-03\n", "2행: 2026. 3. 3.은 아직 오지"),
    (b"employee,registered_on\nE1,2026-02-28\n", "2행: 2026. 3. 1.에 등록된 같은"),
]
# The first day, a day amid a month, a month's last day, and days before a contract year's end.
CASES = [
    (DAY, Plan.WORKPLACE, Cycle.MONTHLY),
    (date(2026, 3, 17), Plan.COLLABO, Cycle.MONTHLY),
    (date(2026, 4, 30), Plan.COLLABO_PLUS, Cycle.MONTHLY),
    (date(2027, 2, 17), Plan.COLLABO, Cycle.ANNUAL),
]
LETTERS = st.sampled_from("=+-@'\",; \\가é０W\u3000") | st.characters(exclude_categories=["C"])
TEXTS = st.text(LETTERS, max_size=12)
PERSONS = st.tuples(TEXTS.filter(str.strip), TEXTS, st.sampled_from(["", *"=+-'a"]))
ROSTERS = st.lists(PERSONS, max_size=5, unique_by=lambda person: person[0].strip())


@pytest.fixture(autouse=True)
def _acme(db: None, settings: Any) -> None:
    """Acme in its trial, with two people; and a company beside it."""
    settings.CONSOLE_TODAY = DAY
    trial("acme", on=DAY)
    trial("other", on=DAY, accounts=1)
    two = [Person(*row[:3]) for row in (KIM, LEE)]
    operations.register_accounts(company_id="acme", persons=two, today=DAY, by=BY)


class TestThePage:
    def test_a_search_finds_parts_of_number_name_and_address_and_takes_them_literally(self) -> None:
        found = {"": ["E1", "E2"], "e2": ["E2"], "두리": ["E2"], "KIM@": ["E1"], "%": [], "_": []}
        assert {q: NUMBERS.findall(get(admin(), {"q": q})) for q in found} == found

    def test_a_long_list_is_cut_into_pages_that_keep_the_search(self) -> None:
        operations.register_new_persons(company_id="acme", count=2 * PAGE + 1, today=DAY, by=BY)
        pages = [get(admin(), {"q": "w0"})]
        while link := part(r'rel="next" href="(.*?)"', pages[-1]):
            pages.append(admin().get(PATH + link).content.decode())
        assert [len(NUMBERS.findall(page)) for page in pages] == [PAGE, PAGE, 1]
        assert NUMBERS.findall("".join(pages)) == [f"W{n:06}" for n in range(1, 2 * PAGE + 2)]

    @pytest.mark.parametrize(("typed", "field", "says"), REFUSED)
    def test_a_refusal_keeps_what_was_typed(self, typed: Any, field: str, says: str) -> None:
        client, before = admin(), fingerprint()
        page = register(client, **typed).content.decode()
        assert says in part(BESIDE.format(field), page)
        assert all(f'value="{text}"' in page for text in typed.values())
        assert fingerprint() == before

    def test_one_who_comes_counts_from_today_and_one_who_goes_until_today(self) -> None:
        client, told = admin(), {"name": "박세나", "email": "park@acme.example"}
        assert register(client, **told).url == PATH
        assert (counts(), people_of("acme")[2]) == ([3, 3], ("W000001", *told.values(), DAY))
        assert "1명의 계정을 제외합니다." in exclude(client, key("E1"), act="").content.decode()
        assert (counts(), people_of("acme")[0]) == ([3, 3], KIM)
        exclude(client, key("E1"))
        assert (counts(), NUMBERS.findall(get(client))) == ([3, 2], ["E2", "W000001"])
        register(client, number="E1")
        assert (counts(), people_of("acme")[0]) == ([3, 3], KIM)

    def test_excluding_nobody_or_somebody_else_s_people_changes_nothing(self) -> None:
        client, before = admin(), fingerprint()
        theirs = Account.objects.get(company_id="other").pk
        for chosen in ("", "0", "-1", "x", "１", "9" * 30, theirs, theirs + 1000):
            assert exclude(client, chosen).url == PATH
            assert "제외할 사용자를 고르세요." in get(client)
        assert fingerprint() == before

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.BILLING])
    def test_others_than_owners_have_no_buttons_and_no_way_to_write(self, role: Role) -> None:
        client, before = people.signed_in(people.admin("acme", role, today=DAY)), fingerprint()
        offers = ('type="checkbox"', 'value="register"', ">제외</button>", "accounts/import/")
        assert [offer in get(admin()) for offer in offers] == [True] * 4
        assert [offer in get(client) for offer in offers] == [False] * 4
        answers = [register(client, number="N"), exclude(client, key("E1")), confirm(client, MORE)]
        assert [answer.status_code for answer in answers] == [403] * 3
        assert fingerprint() == before

    @pytest.mark.parametrize("language", ["ko", "en"])
    def test_no_page_of_the_company_s_host_speaks_of_won(self, language: str) -> None:
        plan, cycle = Plan.COLLABO, Cycle.MONTHLY
        operations.reserve(company_id="acme", plan=plan, cycle=cycle, start=DAY, today=DAY, by=BY)
        user = people.employee("acme", today=DAY, is_workplace_admin=True)
        boss = people.signed_in(user, host="acme.localhost")
        found = {}
        for path, client in ((PATH, admin()), (AT_HOST, boss)):
            client.cookies["console_language"] = language
            answers = [
                client.get(path),
                register(client, path, number="E1"),
                exclude(client, key("E1"), path=path, act=""),
                client.post(path + "import/", {"roster": MORE}),
            ]
            assert {answer.status_code for answer in answers} == {200}
            found[path] = [bool(WON.search(answer.content.decode())) for answer in answers]
        assert found == {PATH: [True] * 4, AT_HOST: [False] * 4}
        confirm(client, upload(client, MORE.encode(), AT_HOST), AT_HOST)
        register(client, AT_HOST, number="N0")
        exclude(client, key("E2"), path=AT_HOST)
        now = NUMBERS.findall(client.get(AT_HOST).content.decode())
        assert now == ["E1", "N0", "N1", "N2", "boss"]


@pytest.mark.parametrize("case", CASES)
def test_the_bill_differs_by_the_won_that_were_shown_before(settings: Any, case: Any) -> None:
    """R: E2, E3, E4. For one more, one fewer, three fewer, and a file with two more, one fewer."""
    today, plan, cycle = case
    operations.reserve(company_id="acme", plan=plan, cycle=cycle, start=DAY, today=DAY, by=BY)
    operations.register_new_persons(company_id="acme", count=5, today=DAY, by=BY)
    settings.CONSOLE_TODAY = today
    daily.run(until=today)
    client = admin()
    one, *others = (account.pk for account in queries.accounts_now("acme", today)[:3])
    roster = f"employee,registered_on,excluded_on\nE1,{DAY},{today}\nN1,,\nN2,,\n"
    tried = upload(client, roster.encode())
    asked = exclude(client, one, *others, act="").content.decode()
    shown = [won("한 명 더 등록하면, 이번 달", get(client)), won("한 명 제외하면", get(client))]
    shown += [won("이번 달 요금의 변화", page) for page in (asked, tried)]
    now = bill(today, lambda: None)
    made = [
        bill(today, lambda: register(client, number="N1")),
        bill(today, lambda: exclude(client, one)),
        bill(today, lambda: exclude(client, one, *others)),
        bill(today, lambda: confirm(client, tried)),
    ]
    assert shown == [then - now for then in made]
    assert shown[0] > 0


class TestFiles:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
    def test_a_file_is_tried_first_and_taken_when_confirmed(self, encoding: str) -> None:
        client, before = admin(), fingerprint()
        tried = upload(client, f"{MORE}E2,이두나\n".encode(encoding))
        assert re.findall(r"<dd>(\d+)</dd>", tried) == ["2", "2", "0", "1", "2"]
        assert fingerprint() == before
        assert confirm(client, tried).url == PATH
        assert "새 등록 2건, 바뀐 등록 0건, 그대로 2건입니다." in get(client)
        new = [("E2", "이두나", LEE[2], DAY), ("N1", "새 사람", "", DAY), ("N2", "", "", DAY)]
        assert people_of("acme") == [KIM, *new]

    @pytest.mark.parametrize(("file", "says"), BAD_FILES)
    def test_a_bad_file_is_refused_whole_by_its_line(self, file: bytes, says: str) -> None:
        client, before = admin(), fingerprint()
        assert says in part(BESIDE.format("file"), upload(client, file))
        assert says in part(BESIDE.format("file"), upload(client, file, act="apply"))
        assert fingerprint() == before

    def test_all_rows_that_are_wrong_are_named_and_nothing_is_written(self) -> None:
        client, before = admin(), fingerprint()
        wrong = [
            *("N1,,,2026-02-30,", "N2,a,b", "N3,,,2026-03-02,", "E1,,,2026-02-28,"),
            *("N4,,no-address,,", "N5,,,,2026-03-01", "N6,,,2026-03-01,", "N6,,,2026-03-01,"),
        ]
        heading = "사번,이름,이메일,등록일,제외일\n"

        page = upload(client, (heading + "\n".join(wrong)).encode(), act="apply")
        assert re.findall(r"<div>(\d+)행: ", page) == ["2", "3", "4", "6", "7", "9"]
        assert "고칠 행 6개" in page
        assert part(BESIDE.format("file"), page).count("행: ") == 1

        # What only the company's own rows tell is told when the file itself is in order.
        page = upload(client, f"{heading}N1,,,,\nE1,,,2026-02-28,\nE2,,,2026-02-28,\n".encode())
        assert re.findall(r"<div>(\d+)행: ", page) == ["3", "4"]
        assert fingerprint() == before

    def test_of_very_many_wrong_rows_a_hundred_are_shown(self) -> None:
        rows = "".join(f"N{n},,no-address\n" for n in range(250))
        page = upload(admin(), f"employee,name,email\n{rows}".encode())
        assert len(re.findall(r"<div>(\d+)행: ", page)) == 100
        assert "고칠 행 250개" in page
        assert "그 밖에 150행" in page

    def test_a_download_changes_nothing_here_and_makes_the_same_elsewhere(self, examples) -> None:
        trial("empty", on=DAY)
        people.admin("empty", today=DAY, email="admin@acme.example")
        client = admin()

        @settings(max_examples=examples(few=30, deep=600))
        @given(ROSTERS)
        def run(roster: list[tuple[str, str, str]]) -> None:
            expected = {KIM, LEE}
            with undone():
                for place, (number, name, first) in enumerate(roster):
                    email = f"{first}{place}@acme.example" if first else ""
                    register(client, number=number, name=name, email=email)
                    expected.add((number.strip(), name.strip(), email, DAY))
                assert set(people_of("acme")) == expected
                before = fingerprint()
                tried = upload(client, file := b"".join(client.get(PATH + "csv/")))
                assert "바뀌는 것이 없습니다." in tried
                assert confirm(client, tried).url == PATH
                assert fingerprint() == before
                confirm(client, upload(client, file, EMPTY), EMPTY)
                assert people_of("empty") == people_of("acme")

        run()


def admin() -> Client:
    return people.signed_in(User.objects.get(email="admin@acme.example"))


def get(client: Client, asked: dict[str, str] | None = None) -> str:
    return client.get(PATH, asked).content.decode()


def register(client: Client, path: str = PATH, **typed: str) -> Any:
    return client.post(path, {"act": "register"} | typed)


def exclude(client: Client, *chosen: Any, path: str = PATH, act: str = "exclude") -> Any:
    return client.post(path + "exclude/", {"account": chosen, "act": act})


def upload(client: Client, file: bytes, path: str = PATH, act: str = "") -> str:
    posted = {"file": SimpleUploadedFile("a.csv", file), "act": act}
    return client.post(path + "import/", posted).content.decode()


def confirm(client: Client, page: str, path: str = PATH) -> Any:
    """As a browser does it, which writes every line's end in its own way."""
    text = part(r'<textarea name="roster" hidden>(.*?)</textarea>', page) or page
    crlf = re.sub(r"\r?\n", "\r\n", text)
    return client.post(path + "import/", {"act": "apply", "roster": crlf})


def bill(today: date, act: Any) -> int:
    """What the bill comes to that the next close makes, VAT excluded, had this been done today."""
    with undone():
        act()
        daily.run(until=next_month(today))
        return statements("acme")[-1].invoice.supply


def won(label: str, page: str) -> int:
    found = part(label + r".*?<dd>\D*?(−?[\d,]+)", page)
    return int(found.replace(",", "").replace("−", "-"))


def part(pattern: str, page: str) -> str:
    found = re.search(pattern, page, re.DOTALL)
    return unescape(found[1]) if found else ""


def key(number: str) -> int:
    return Account.objects.get(employee__number=number, company_id="acme", excluded_on=None).pk


def counts() -> list[int]:
    return [queries.counted("acme", DAY + timedelta(days=more)) for more in (0, 1)]


def people_of(company: str) -> list[tuple[str, str, str, date]]:
    found = Account.objects.filter(queries.still_there(DAY), company_id=company)
    told = ("employee__number", "employee__name", "employee__email", "registered_on")
    return list(found.order_by("employee__number").values_list(*told))
