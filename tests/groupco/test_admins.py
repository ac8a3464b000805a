"""Console admins: their roles, how they go, and what they have read. R: A4, A6, H1."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupco import operations, queries
from groupco.choices import Role
from groupco.models import Admin, Company, User
from tests import companies, databases
from tests.companies import BY, NEW_YEAR
from tests.groupco.rivals import code_of, meets
from workplace_console.common.models import AuditEntry
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 5)


def admin(name: str, role: Role = Role.OWNER, company_id: str = "acme") -> Admin:
    """`admin` is whom the company began with."""
    email = f"{name}@acme.example"
    return operations.add_admin(
        company_id=company_id, email=email, role=role, today=NEW_YEAR, by=BY
    )


def change(who: Admin, role: Role, *, company_id: str = "acme") -> None:
    operations.change_role(company_id=company_id, admin_id=who.pk, role=role, today=DAY, by=BY)


def remove(who: Admin, *, company_id: str = "acme") -> None:
    operations.remove_admin(company_id=company_id, admin_id=who.pk, today=DAY, by=BY)


def roles(company_id: str = "acme") -> dict[str, str]:
    return {a.user.email.partition("@")[0]: a.role for a in queries.admins(company_id)}


def written() -> list[tuple[str, object, object]]:
    """What was written down after the day on which the company came."""
    entries = AuditEntry.objects.filter(on=DAY).order_by("pk")
    return list(entries.values_list("action", "before", "after"))


class TestRoles:
    def test_a_role_is_changed_and_written_down_with_what_it_was(self) -> None:
        companies.trial()
        kim = admin("kim", Role.VIEWER)

        change(kim, Role.BILLING)

        assert roles() == {"admin": "owner", "kim": "billing"}
        assert written() == [
            (
                "admin_set",
                {"user": kim.user_id, "role": "viewer"},
                {"user": kim.user_id, "role": "billing"},
            )
        ]

    def test_the_role_they_have_is_no_change(self) -> None:
        companies.trial()

        change(admin("admin"), Role.OWNER)

        assert written() == []

    def test_the_last_owner_stays_owner(self) -> None:
        companies.trial()
        admin("kim", Role.BILLING)

        with pytest.raises(Refused) as refused:
            change(admin("admin"), Role.VIEWER)

        assert refused.value.code == "last_owner"
        assert roles()["admin"] == "owner"

    def test_naming_somebody_again_does_not_take_the_last_owner_away(self) -> None:
        companies.trial()

        assert code_of(lambda: admin("admin", Role.VIEWER)) == "last_owner"

    def test_an_owner_who_may_not_sign_in_is_no_other_owner(self) -> None:
        companies.trial()
        kim = admin("kim")
        User.objects.filter(pk=kim.user_id).update(is_active=False)

        assert code_of(lambda: remove(admin("admin"))) == "last_owner"
        assert code_of(lambda: remove(kim)) == "done"

    def test_an_admin_of_another_company_is_none_here(self) -> None:
        companies.trial()
        companies.trial("other")
        stranger = queries.admins("other")[0]

        assert code_of(lambda: change(stranger, Role.VIEWER)) == "unknown_admin"
        assert code_of(lambda: remove(stranger)) == "unknown_admin"
        assert code_of(lambda: remove(stranger, company_id="other")) == "last_owner"
        assert roles("other") == {"admin": "owner"}

    def test_a_company_that_does_not_exist_is_refused(self) -> None:
        assert code_of(lambda: admin("kim")) == "unknown_company"


class TestRemoval:
    def test_who_is_removed_stays_a_user_and_admin_elsewhere(self) -> None:
        companies.trial()
        companies.trial("other")
        kim = admin("kim", Role.VIEWER)
        admin("kim", company_id="other")

        remove(kim)

        assert roles() == {"admin": "owner"}
        assert [a.company_id for a in queries.admin_of(kim.user_id)] == ["other"]
        assert written() == [("admin_removed", {"user": kim.user_id, "role": "viewer"}, None)]

    def test_one_may_remove_oneself_while_another_owner_stays(self) -> None:
        companies.trial()
        admin("kim")
        me = admin("admin")

        remove(me)

        assert roles() == {"kim": "owner"}

    def test_who_is_gone_can_not_be_removed_again(self) -> None:
        companies.trial()
        kim = admin("kim", Role.VIEWER)
        remove(kim)

        assert code_of(lambda: remove(kim)) == "unknown_admin"

    def test_two_owners_who_remove_each_other_at_once_leave_one(self, database: str) -> None:
        with databases.connected(database):
            companies.trial()
            one, other = admin("admin"), admin("kim")

        outcome = meets(database, lambda: remove(one), lambda: remove(other))

        assert outcome == "last_owner"
        with databases.connected(database):
            assert roles() == {"kim": "owner"}

    def test_two_owners_who_step_down_at_once_leave_one(self, database: str) -> None:
        with databases.connected(database):
            companies.trial()
            one, other = admin("admin"), admin("kim")

        outcome = meets(
            database, lambda: change(one, Role.VIEWER), lambda: change(other, Role.BILLING)
        )

        assert outcome == "last_owner"
        with databases.connected(database):
            assert roles() == {"admin": "viewer", "kim": "owner"}


acts = st.tuples(
    st.sampled_from(["remove", "change", "add"]),
    st.sampled_from(["admin", "kim", "lee", "park"]),
    st.sampled_from(list(Role)),
)


def test_whatever_is_done_a_company_has_an_owner(examples) -> None:
    """R: A6. And what is refused is exactly what would leave it without."""
    companies.trial()

    @settings(max_examples=examples(few=40, deep=400))
    @given(st.lists(acts, max_size=12))
    def live(story: list[tuple[str, str, Role]]) -> None:
        Admin.objects.exclude(user__email="admin@acme.example").delete()
        Admin.objects.filter(user__email="admin@acme.example").delete()
        admin("admin")
        known: dict[str, str] = {"admin": "owner"}
        for act, name, role in story:
            after = {n: r for n, r in known.items() if n != name}
            if act != "remove":
                after[name] = role
            is_there = name in known
            expected = "done"
            if not is_there and act != "add":
                expected = "unknown_admin"
            elif "owner" not in after.values():
                expected = "last_owner"
            assert code_of(lambda a=act, n=name, r=role: do(a, n, r)) == expected
            known = after if expected == "done" else known
            assert roles() == known

    live()


def do(act: str, name: str, role: Role) -> None:
    found = Admin.objects.filter(user__email=f"{name}@acme.example").first()
    if act == "add":
        admin(name, role)
    elif act == "remove":
        remove(found or Admin(pk=0))
    else:
        change(found or Admin(pk=0), role)


class TestNotices:
    def test_what_was_read_is_never_unread_again(self) -> None:
        companies.trial()
        kim = admin("kim")

        for up_to in (7, 3):
            operations.mark_notices_read(admin_id=kim.pk, up_to=up_to)

        kim.refresh_from_db()
        assert kim.notices_read_to == 7

    def test_each_admin_reads_for_themselves(self) -> None:
        companies.trial()
        operations.mark_notices_read(admin_id=admin("kim").pk, up_to=7)

        assert admin("admin").notices_read_to == 0


class TestQueries:
    def test_ones_companies_come_by_name_in_one_statement(self, django_assert_num_queries) -> None:
        for company_id, name in (("bcd", "나"), ("abc", "나"), ("zzz", "가")):
            companies.trial(company_id)
            Company.objects.filter(pk=company_id).update(name=name)
            admin("kim", Role.VIEWER, company_id=company_id)
        user = User.objects.get(email="kim@acme.example")

        with django_assert_num_queries(1):
            found = [(a.company.pk, a.company.name, a.role) for a in queries.admin_of(user.pk)]

        assert found == [
            ("zzz", "가", "viewer"),
            ("abc", "나", "viewer"),
            ("bcd", "나", "viewer"),
        ]

    def test_the_admins_of_a_company_come_with_their_users(self, django_assert_num_queries) -> None:
        companies.trial()
        admin("kim", Role.VIEWER)

        with django_assert_num_queries(1):
            assert roles() == {"admin": "owner", "kim": "viewer"}

    def test_strangers_see_admins_masked(self) -> None:
        companies.trial()
        admin("kim", Role.VIEWER)

        everybody = queries.masked_admins("acme")
        owners = queries.masked_admins("acme", only_owners=True)

        assert [a.email for a in everybody] == ["ad***@acme.example", "k***@acme.example"]
        assert [a.role for a in owners] == [Role.OWNER]
