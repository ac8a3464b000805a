"""Console admins: they are named, invited, given another role, and go. R: A6."""

from __future__ import annotations

import secrets
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from groupco import queries, rules
from groupco.choices import Role
from groupco.models import Admin, Company, Invitation, User
from workplace_console.common import audit, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def add_admin(*, company_id: str, email: str, role: Role, today: date, by: Actor) -> Admin:
    """Make a user, new or known, a console admin of a company; their role if one already. R: A5.

    Raises Refused: last_owner.
    """
    _locked(company_id)
    email = email.strip().lower()
    user, _is_new = User.objects.get_or_create(
        email=email, defaults={"password": make_password(None)}
    )
    admin, is_new = Admin.objects.get_or_create(
        user=user, company_id=company_id, defaults={"role": role}
    )
    before = None if is_new else {"role": admin.role}
    if admin.role != role:
        _check_owner_stays(admin)
        admin.role = role
        admin.save(update_fields=["role"])
    if is_new or before != {"role": role}:
        audit.record(
            Change(company_id, "admin_set", before, {"user": user.pk, "role": role}),
            on=today,
            by=by,
        )
    return admin


@transaction.atomic
def change_role(*, company_id: str, admin_id: int, role: Role, today: date, by: Actor) -> None:
    """Give an admin another role. Raises Refused: unknown_admin, last_owner. R: A6."""
    admin = _locked_admin(company_id, admin_id)
    if admin.role == role:
        return
    _check_owner_stays(admin)
    before = admin.role
    admin.role = role
    admin.save(update_fields=["role"])
    _invitations_of(admin).update(role=role)
    _record(admin, "admin_set", {"role": before}, {"role": role}, today=today, by=by)


@transaction.atomic
def remove_admin(*, company_id: str, admin_id: int, today: date, by: Actor) -> None:
    """Take somebody's place as console admin away. Raises Refused: unknown_admin, last_owner.

    The user stays, as employee or as admin of another company; sessions find out by themselves.
    An invitation they never answered is void, or it would bring them back.
    """
    admin = _locked_admin(company_id, admin_id)
    _check_owner_stays(admin)
    _invitations_of(admin).delete()
    _record(admin, "admin_removed", {"role": admin.role}, None, today=today, by=by)
    admin.delete()


@transaction.atomic
def invite_admin(*, company_id: str, email: str, role: Role, today: date, by: Actor) -> Invitation:
    """Ask somebody to be a console admin, by a mail with a link; again: a new link. R: A6.

    Who is admin already but has no password yet is sent a link again, in the role they have.
    Raises Refused: already_admin.
    """
    company = _locked(company_id)
    email = email.strip().lower()
    admin = Admin.objects.filter(company=company, user__email=email).select_related("user").first()
    if admin and (admin.user.has_usable_password() or admin.role != role):
        raise Refused(
            "already_admin",
            gettext_noop("이미 콘솔 관리자입니다. 역할은 아래 목록에서 바꾸세요."),
        )
    values = {
        "role": role,
        "nonce": secrets.token_urlsafe(24),
        "invited_on": today,
        "expires_on": rules.invitation_end(today),
    }
    invitation, _is_new = Invitation.objects.update_or_create(
        company=company, email=email, defaults=values
    )
    audit.record(
        Change(company_id, "admin_invited", after={"invitation": invitation.pk, "role": role}),
        on=today,
        by=by,
    )
    figures = {
        "name": company.name,
        "role": role,
        "expires_on": invitation.expires_on.isoformat(),
        "invitation_token": f"{invitation.pk}:{invitation.nonce}",
    }
    messages.mail_only(Event(company_id, "admin_invited", (email,), figures), on=today)
    return invitation


@transaction.atomic
def withdraw_invitation(*, company_id: str, invitation_id: int, today: date, by: Actor) -> None:
    """Make an invitation void; one that is gone already is none. Raises nothing."""
    _locked(company_id)
    gone, _what = Invitation.objects.filter(company_id=company_id, pk=invitation_id).delete()
    if gone:
        figures = {"invitation": invitation_id}
        audit.record(Change(company_id, "invitation_withdrawn", figures), on=today, by=by)


@transaction.atomic
def accept_invitation(
    *, token: str, name: str = "", password: str = "", today: date, address: str | None = None
) -> User:
    """Who follows the link becomes console admin; with a password, that is theirs from now on.

    The caller has made sure of a user who has a password already. Who is admin already keeps their
    role. `address` is where they came from. Raises Refused: invitation_void.
    """
    invitation = _locked_invitation(token, today)
    company_id = invitation.company_id
    user, _is_new = User.objects.get_or_create(
        email=invitation.email, defaults={"password": make_password(None)}
    )
    if password:
        user.set_password(password)
        user.name = name or user.name
        user.save(update_fields=["password", "name"])
    by = Actor.user(user.pk, address=address)
    accepted = Change(
        company_id, "invitation_accepted", {"invitation": invitation.pk}, {"user": user.pk}
    )
    audit.record(accepted, on=today, by=by)
    if not queries.admin_of_company(user.pk, company_id):
        role = Role(invitation.role)
        add_admin(company_id=company_id, email=user.email, role=role, today=today, by=by)
    invitation.delete()
    return user


def mark_notices_read(*, admin_id: int, up_to: int) -> None:
    """An admin has read the notices up to this id; never back. R: H1."""
    Admin.objects.filter(pk=admin_id, notices_read_to__lt=up_to).update(notices_read_to=up_to)


def _locked(company_id: str) -> Company:
    company = queries.locked(company_id)
    if company is None:
        raise rules.unknown_company(company_id)
    return company


def _locked_admin(company_id: str, admin_id: int) -> Admin:
    _locked(company_id)
    admin = Admin.objects.filter(company_id=company_id, pk=admin_id).first()
    if admin is None:
        raise Refused(
            "unknown_admin",
            gettext_noop("이미 제외된 관리자입니다. 목록을 다시 확인하세요."),
        )
    return admin


def _locked_invitation(token: str, today: date) -> Invitation:
    """The invitation of a link, held with its company; looked up again, since a link serves once
    and somebody may have used or withdrawn it while we waited."""
    found = queries.find_invitation(token, today)
    if found:
        _locked(found.company_id)
        found = queries.find_invitation(token, today)
    if found is None:
        raise Refused(
            "invitation_void",
            gettext_noop("이 초대는 더 이상 쓸 수 없습니다. 다시 보내 달라고 하세요."),
        )
    return found


def _invitations_of(admin: Admin) -> QuerySet[Invitation]:
    return Invitation.objects.filter(company_id=admin.company_id, email=admin.user.email)


def _check_owner_stays(admin: Admin) -> None:
    """Owners who may not sign in any more don't count."""
    owners = Admin.objects.filter(
        company_id=admin.company_id, role=Role.OWNER, user__is_active=True
    )
    others = owners.exclude(pk=admin.pk).count()
    rules.check_not_last_owner(is_owner=admin.role == Role.OWNER, others=others)


def _record(
    admin: Admin,
    action: str,
    before: dict[str, str],
    after: dict[str, str] | None,
    *,
    today: date,
    by: Actor,
) -> None:
    who = {"user": admin.user_id}
    change = Change(admin.company_id, action, who | before, who | after if after else None)
    audit.record(change, on=today, by=by)
