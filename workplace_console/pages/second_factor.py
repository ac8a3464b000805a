"""2단계 인증: an authenticator app, passkeys and recovery codes of whoever is signed in. R: A6."""

from __future__ import annotations

from typing import Any, Final

import qrcode
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from groupco import operations, rules
from groupco import queries as groups
from groupco.choices import FactorKind
from workplace_console import passkeys
from workplace_console.common import sealed
from workplace_console.pages import devices, password_again
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import SignedInRequest
from workplace_console.pages.second_factor_forms import TO_MAKE, AppForm, FactorForm, PasskeyForm

# Under this name a session keeps, sealed, the secret of an app that is being set up.
NEW_SECRET: Final = "new_app_secret"  # noqa: S105 - a name


def second_factor(request: SignedInRequest) -> HttpResponse:
    """What there is; taking one away, and new recovery codes."""
    act = request.POST.get("act")
    if act == "codes":
        codes = operations.make_recovery_codes(
            user=request.user, today=request.today, by=request.by
        )
        return _codes(request, codes) if codes else redirect("second_factor")
    if act == "remove":
        return _remove(request)
    factors = groups.second_factors(request.user.pk)
    context = {
        "app": next((f for f in factors if f.kind == FactorKind.APP), None),
        "passkeys": [f for f in factors if f.kind == FactorKind.PASSKEY],
        "codes_left": groups.recovery_codes_left(request.user.pk) if factors else 0,
        "has_any": bool(factors),
    }
    return render(request, "door/second_factor.html", context)


def _remove(request: SignedInRequest) -> HttpResponse:
    form = FactorForm(request.POST)
    if form.is_valid() and operations.remove_factor(
        user=request.user,
        factor_id=form.cleaned_data["factor"],
        keep=request.session.session_key or "",
        today=request.today,
        by=request.by,
    ):
        if not groups.has_second_factor(request.user.pk):
            request.session.pop(password_again.HAS_SECOND, None)
        messages.success(request, _("해제했습니다. 이제 로그인할 때 쓸 수 없습니다."))
    return redirect("second_factor")


def app(request: SignedInRequest) -> HttpResponse:
    """An authenticator app is set up: a secret to photograph or to type, and its first code."""
    secret = _new_secret(request)
    form = AppForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        with refusals(form, wrong_code="code"):
            codes = operations.add_app(
                secret=secret, code=form.cleaned_data["code"], **_common(request)
            )
            request.session.pop(NEW_SECRET)
            return _set_up(request, codes)
    address = rules.app_address(secret, email=request.user.email)
    image = qrcode.make(address, image_factory=SvgPathImage, border=2)
    context = {
        "form": form,
        "qr": image.to_string(encoding="unicode"),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    return _not_kept(render(request, "door/second_factor_app.html", context))


def passkey(request: SignedInRequest) -> HttpResponse:
    """A passkey is made by the browser, and checked."""
    named = {"name": rules.device_in_words(devices.agent(request))}
    form = PasskeyForm(request.POST if "made" in request.POST else None, initial=named)
    if form.is_valid():
        state = request.session.pop(TO_MAKE, None) or {}
        with refusals(form, bad_factor_name="name"):
            made = passkeys.made(state, form.cleaned_data["made"])
            codes = operations.add_passkey(
                name=form.cleaned_data["name"],
                credential=made.credential,
                counter=made.counter,
                **_common(request),
            )
            return _set_up(request, codes)
    asked = passkeys.ask_to_make(request.user, groups.passkeys(request.user.pk))
    request.session[TO_MAKE] = asked.state
    context = {"form": form, "options": asked.options}
    return render(request, "door/second_factor_passkey.html", context)


def _common(request: SignedInRequest) -> dict[str, Any]:
    return {
        "user": request.user,
        "keep": request.session.session_key or "",
        "at": timezone.now(),
        "today": request.today,
        "by": request.by,
    }


def _new_secret(request: SignedInRequest) -> str:
    """The secret that this session sets up, the same until it is done. It lies there sealed."""
    kept = request.session.get(NEW_SECRET, "")
    try:
        return sealed.unseal(kept)
    except sealed.Unreadable:
        secret = operations.new_app_secret()
        request.session[NEW_SECRET] = sealed.seal(secret)
        return secret


def _set_up(request: SignedInRequest, codes: list[str]) -> HttpResponse:
    """This session has shown the factor; the recovery codes that came with the first."""
    request.session.cycle_key()
    request.session[password_again.HAS_SECOND] = True
    password_again.stamp(request.session)
    if codes:
        return _codes(request, codes)
    messages.success(request, _("설정했습니다. 다음 로그인부터 쓸 수 있습니다."))
    return redirect("second_factor")


def _codes(request: SignedInRequest, codes: list[str]) -> HttpResponse:
    """On the only page that ever shows them."""
    return _not_kept(render(request, "door/recovery_codes.html", {"codes": codes}))


def _not_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
