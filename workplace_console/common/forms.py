"""The form every page of the console uses, and the two widgets it adds.

How a form is drawn is shared out like this:

- `ConsoleForm` gives each widget its CSS class (`input`, and `short` for days and numbers), so that
  `{{ form.field }}` alone looks right, and says in plain words what is wrong with a value;
- templates/django/forms/field.html draws one field: label, control, hint, errors. Django writes
  `aria-describedby` and `aria-invalid` itself; the ids of hint and errors are the ones it expects;
- templates/django/forms/div.html draws `{{ form }}`: the summary of errors, then every field.

So a template writes `{{ form }}` inside `<form class="form" method="post" novalidate>`. Where a
field is drawn by hand (cards of a plan), it includes parts/error_summary.html first and writes
`{{ form.start.as_field_group }}` for the others. Each hand-drawn field has the id `id_<name>` on
the control or its fieldset, for the summary's link.
"""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from workplace_console.common import once

Says = dict[str, Any]  # sentences, translated when they are shown

# What a field says when it was not told otherwise: the first class that fits adds to those below.
SENTENCES: Final[tuple[tuple[type[forms.Field], Says], ...]] = (
    (
        forms.DateField,
        {"required": _("날짜를 선택하세요."), "invalid": _("날짜를 2026-03-05처럼 적으세요.")},
    ),
    (
        forms.FileField,
        {"required": _("파일을 선택하세요."), "empty": _("빈 파일입니다. 다른 파일을 선택하세요.")},
    ),
    (forms.BooleanField, {"required": _("계속하려면 여기에 표시하세요.")}),
    (
        forms.ChoiceField,
        {"required": _("하나를 고르세요."), "invalid_choice": _("목록에 있는 것 가운데 고르세요.")},
    ),
    (forms.EmailField, {"invalid": _("이메일 주소를 name@company.example처럼 적으세요.")}),
    (
        forms.IntegerField,
        {
            "invalid": _("숫자만 적으세요."),
            "min_value": _("%(limit_value)s 이상으로 적으세요."),
            "max_value": _("%(limit_value)s 이하로 적으세요."),
        },
    ),
    (
        forms.CharField,
        {
            "max_length": _(
                "%(limit_value)s자까지 적을 수 있습니다. 지금은 %(show_value)s자입니다."
            ),
            "min_length": _("%(limit_value)s자 이상 적으세요."),
        },
    ),
    (forms.Field, {"required": _("빈칸입니다. 여기에 적으세요.")}),
)

THOUSANDS: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")

# Kept short so that a day or a number doesn't look like a sentence.
SHORT: Final = (forms.DateInput, forms.NumberInput)
WITHOUT_FRAME: Final = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


class DayInput(forms.DateInput):
    """The browser's own day picker; strings are ISO both ways."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class CountInput(forms.NumberInput):
    """A text of digits: a browser's own number control drops what is not a number unsaid."""

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", **(attrs or {})})


class CountField(forms.IntegerField):
    """A whole number in a range, 1200 or 1,200; `sentence` says {first} and {last}, and is all."""

    widget = CountInput

    def __init__(self, *, label: Any, first: int, last: int, sentence: Any) -> None:
        told = format_lazy(sentence, first=f"{first:,}", last=f"{last:,}")
        errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), told)
        super().__init__(label=label, min_value=first, max_value=last, error_messages=errors)

    def to_python(self, value: Any) -> int | None:
        text = value.strip() if isinstance(value, str) else value
        if isinstance(text, str) and THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        return super().to_python(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class Segment(forms.RadioSelect):
    """Two or three words side by side, one of them chosen."""


class ConsoleForm(forms.Form):
    """A form in the console's look and words; what was typed stays when it is shown again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _dress(field.widget)
            _speak_plainly(field)

    def add_field(self, name: str, field: forms.Field) -> None:
        """A field that is only known when the form is made; it looks and speaks like the others."""
        _dress(field.widget)
        _speak_plainly(field)
        self.fields[name] = field


class OnceForm(ConsoleForm):
    """A form that takes effect once, however often its button is pressed or its answer is lost."""

    once = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=secrets.token_urlsafe
    )

    def claim(self, company_id: str) -> bool:
        """Whether this is the first time; in the transaction of what the form does. A form sent
        without its token, by a program, is always the first."""
        token = self.data.get("once", "")
        return not token or once.claim(f"{company_id}\0{token}")


def _dress(widget: forms.Widget) -> None:
    """Add the CSS classes; what a form says itself stays and comes last."""
    if isinstance(widget, WITHOUT_FRAME) or widget.is_hidden:
        return
    if isinstance(widget, forms.ClearableFileInput):
        widget.use_fieldset = False  # nothing is kept that could be cleared: one control
    own = widget.attrs.get("class", "")
    short = "short" if isinstance(widget, SHORT) and not own else ""
    widget.attrs["class"] = " ".join(filter(None, ("input", short, own)))


def _speak_plainly(field: forms.Field) -> None:
    """Replace Django's sentences by ours, but none that the form has given its field."""
    defaults = _sentences_of_django(type(field))
    for kind, sentences in reversed(SENTENCES):
        if isinstance(field, kind):
            for code, text in sentences.items():
                if field.error_messages.get(code) is defaults.get(code):
                    field.error_messages[code] = text
                    defaults[code] = text


def _sentences_of_django(kind: type[forms.Field]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        found.update(getattr(base, "default_error_messages", {}))
    return found
