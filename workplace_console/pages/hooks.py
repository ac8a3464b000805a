"""Where the payment gateway calls: nobody signs in there, what is said is signed. R: E12."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from billing import gateway as gateways
from billing import queries as billing
from billing.gateway import NoAnswer
from billing.gateway.webhook import Forged, charge_heard_of
from workplace_console import collection
from workplace_console.common.audit import SYSTEM
from workplace_console.pages.request import GuardedRequest


@csrf_exempt
def portone(request: GuardedRequest) -> HttpResponse:
    """Something happened to a charge: ask the gateway what. 503 makes it call again later."""
    try:
        key = charge_heard_of(request.body, request.headers)
    except Forged:
        return HttpResponse(status=400)
    payment = billing.payment_of_key(key)
    gateway = gateways.gateway()
    if payment is None or gateway is None:
        return HttpResponse(status=204)
    try:
        collection.hear(gateway, payment, today=request.today, by=SYSTEM)
    except NoAnswer:
        return HttpResponse(status=503)
    return HttpResponse(status=204)
