"""이용 요금 안내 주소 as a form: on 결제수단 관리 alone, on 회사 정보 with the rest. R: E10."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco.choices import Topic
from groupco.forms import mail_address
from workplace_console.common.forms import ConsoleForm
from workplace_console.common.particles import fitted

Told = Mapping[str, frozenset[Topic]]

# Which field a refusal of the operation is about.
BESIDE: Final = {"too_many_billing_addresses": "billing_addresses", "no_topic": "told"}


@dataclass(frozen=True)
class Box:
    """Whether an address is mailed about a topic, as a checkbox."""

    topic: Topic
    value: str
    is_checked: bool


@dataclass(frozen=True)
class Row:
    """An address that is saved, and what it is mailed about."""

    address: str
    boxes: tuple[Box, ...]


class AddressesForm(ConsoleForm):
    """Addresses as text, one a line, and for those that are saved a box for each topic.

    Whoever sends no boxes (a program; or somebody who has just typed the first address) leaves the
    topics as they are.
    """

    billing_addresses = forms.CharField(
        label=lazy("이용 요금 안내 주소"),
        max_length=6000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy(
            "콘솔 관리자와 함께 이 주소들로 보냅니다. 한 줄에 하나씩 적으세요. "
            "관리자가 바뀌어도 그대로 남습니다."
        ),
    )
    told = forms.MultipleChoiceField(label=lazy("주소마다 보낼 것"), required=False)
    # The boxes were there, so one that isn't sent was cleared.
    boxes = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput, initial="1")
    # What stood there when the form was opened: nobody else's change is written over unseen.
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, told: Told, initial: dict[str, str] | None = None
    ) -> None:
        now = {"billing_addresses": "\n".join(told), **(initial or {})}
        self.fingerprint = _fingerprint(now, told)
        super().__init__(data, initial=now | {"seen": self.fingerprint})
        self.saved, self.sent = told, data
        self.fields["told"].choices = [  # type: ignore[attr-defined]
            (_value(topic, address), topic.label) for address in told for topic in Topic
        ]

    @property
    def rows(self) -> list[Row]:
        """The saved addresses with their boxes, as they were sent or as they are."""
        sent = set(self.sent.getlist("told")) if self.sent and "boxes" in self.sent else None
        return [
            Row(
                address,
                tuple(
                    Box(topic, value, value in sent if sent is not None else topic in topics)
                    for topic in Topic
                    for value in [_value(topic, address)]
                ),
            )
            for address, topics in self.saved.items()
        ]

    def clean_billing_addresses(self) -> list[str]:
        typed: str = self.cleaned_data["billing_addresses"]
        found = [text for text in re.split(r"[\s,;]+", typed) if text]
        for text in found:
            try:
                mail_address(text)
            except ValueError:
                told = _("%(text)s은(는) 메일 주소가 아닙니다. 고쳐 적으세요.") % {
                    "text": text[:60]
                }
                raise forms.ValidationError(fitted(told)) from None
        return found

    def topics(self) -> dict[str, frozenset[Topic]]:
        """What each saved address is to be mailed about; empty where no boxes were sent."""
        if not self.cleaned_data["boxes"]:
            return {}
        chosen = set(self.cleaned_data["told"])
        return {
            address: frozenset(topic for topic in Topic if _value(topic, address) in chosen)
            for address in self.saved
        }

    def is_stale(self) -> bool:
        """Whether somebody else has changed meanwhile what the form shows. It is said then, and
        what was typed can be sent once more."""
        if self.cleaned_data["seen"] in ("", self.fingerprint):
            return False
        self.add_error(
            None,
            _("그사이 다른 관리자가 이 내용을 바꿨습니다. 아래를 확인하고 다시 저장하세요."),
        )
        self.data = {**(self.sent.dict() if self.sent else {}), "seen": self.fingerprint}
        return True


def _value(topic: Topic, address: str) -> str:
    return f"{topic}:{address}"


def _fingerprint(now: Mapping[str, str], told: Told) -> str:
    topics = {address: sorted(about) for address, about in told.items()}
    text = json.dumps([now, list(told), topics], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
