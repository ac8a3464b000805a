"""How fields of forms are drawn: those of one control here, inputs and selects too; all else, as
groups of radio buttons and what is wrong, by templates/django/forms.

Django draws each by four templates, one within the other. A page with a filter would spend more on
those than on all it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
OptionGroup = tuple[Any, Sequence[Widget], int]


class Renderer(TemplatesSetting):
    """The project's FORM_RENDERER."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        if draw := CONTROLS.get(template_name):
            return mark_safe(draw(context["widget"]))  # noqa: S308
        if template_name == self.field_template_name and not context["field"].use_fieldset:
            return mark_safe(_field(context["field"]))  # noqa: S308
        if template_name == ERRORS and not context["errors"]:
            return mark_safe("")
        return mark_safe(super().render(template_name, context, request))  # noqa: S308


def _field(field: BoundField) -> str:
    """Label, control, what is wrong with it, hint; the ids are those its aria-describedby names."""
    label = conditional_escape(field.label)
    if field.widget_type == "checkbox":
        drawn = f'<label class="check">{field}<span>{label}</span></label>'
    else:
        drawn = f'<label for="{field.id_for_label}">{label}</label>{field}'
    wrong = " wrong" if field.errors else ""
    return f'<div class="field{wrong}">{drawn}{field.errors}{_hint(field)}</div>'


def _hint(field: BoundField) -> str:
    if not field.help_text:
        return ""
    text = conditional_escape(field.help_text)
    return f'<span class="hint" id="{field.auto_id}_helptext">{text}</span>'


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    kind, name = widget["type"], escape(str(widget["name"]))
    return f'<input type="{kind}" name="{name}"{value}{_attributes(widget)}>'


def _select(widget: Widget) -> str:
    drawn = "".join(map(_group, widget["optgroups"]))
    return f'<select name="{escape(str(widget["name"]))}"{_attributes(widget)}>{drawn}</select>'


def _group(group: OptionGroup) -> str:
    name, choices, _index = group
    drawn = "".join(map(_option, choices))
    return f'<optgroup label="{escape(str(name))}">{drawn}</optgroup>' if name else drawn


def _option(option: Widget) -> str:
    value, label = escape(str(option["value"])), conditional_escape(option["label"])
    return f'<option value="{value}"{_attributes(option)}>{label}</option>'


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in widget["attrs"].items()
        if value is not False and value is not None
    )


ERRORS: Final = "django/forms/errors/list/default.html"
INPUTS: Final = ("checkbox", "date", "email", "hidden", "number", "password", "tel", "text", "url")
CONTROLS: Final[Mapping[str, Callable[[Widget], str]]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
    "django/forms/widgets/select.html": _select,
}
