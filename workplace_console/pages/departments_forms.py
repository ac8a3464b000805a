"""Forms of 조직 관리: strings in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from workplace_console.common.forms import ConsoleForm
from workplace_console.pages.accounts_forms import UploadForm


def _number(text: str) -> int | None:
    return int(text) if text else None


class PlaceField(forms.TypedChoiceField):
    """A department by its path; none is what `nothing` says."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(label=label, coerce=_number, empty_value=None, required=False)

    def offer(self, paths: Mapping[int, str], *, nothing: Any) -> None:
        self.choices = [("", nothing), *((str(pk), path) for pk, path in paths.items())]


class DepartmentForm(ConsoleForm):
    """What a department is called and where it lies."""

    name = forms.CharField(label=lazy("부서 이름"), max_length=100)
    parent = PlaceField(label=lazy("상위 부서"))
    code = forms.CharField(
        label=lazy("코드"),
        max_length=60,
        required=False,
        help_text=lazy("다른 시스템에서 이 부서를 부르는 이름이 있으면 적으세요."),
    )

    def __init__(self, *args: Any, paths: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, PlaceField)  # noqa: S101 - for the type checker
        field.offer(paths, nothing=lazy("회사 바로 아래"))


class PostForm(ConsoleForm):
    """One more who works in a department."""

    employee = forms.CharField(
        label=lazy("사번"),
        max_length=100,
        help_text=lazy("그룹사 다른 회사의 사원은 회사 id/사번으로 적으세요."),
    )
    title = forms.CharField(label=lazy("직위"), max_length=60, required=False)
    is_main = forms.BooleanField(label=lazy("주 소속"), required=False)


class PostingForm(ConsoleForm):
    """One more department for an employee, of any company of the group."""

    department = PlaceField(label=lazy("부서"))
    title = forms.CharField(label=lazy("직위"), max_length=60, required=False)
    is_main = forms.BooleanField(label=lazy("주 소속"), required=False)

    def __init__(self, *args: Any, paths: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        assert isinstance(field, PlaceField)  # noqa: S101 - for the type checker
        field.offer(paths, nothing=lazy("부서 없음, 회사 바로 아래"))


class DepartmentsUploadForm(UploadForm):
    """A file of departments and postings."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = lazy("5 MB, 20,000행까지 올릴 수 있습니다.")
