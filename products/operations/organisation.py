"""A company has departments and postings only while it is in trial or paid, so that none is left
when its data is deleted; what they are is groupco's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from django.db import transaction

from groupco import operations as groups
from groupco import queries as companies
from products import queries, rules
from products.operations.locking import lock_companies

P = ParamSpec("P")
R = TypeVar("R")


def _while_active(operation: Callable[P, R]) -> Callable[P, R]:
    """The operation, with the company and the rest of its group held: 겸직 is about two of them.

    Raises Refused: day_is_over, not_active, and what the operation raises.
    """

    @wraps(operation)
    @transaction.atomic
    def act(*args: P.args, **values: P.kwargs) -> R:
        company_id, today = cast(str, values["company_id"]), cast(date, values["today"])
        lock_companies(companies.group_companies(company_id, today), today)
        rules.check_active(queries.standing(company_id, today))
        return operation(*args, **values)

    return act


add_department = _while_active(groups.add_department)
change_department = _while_active(groups.change_department)
shift_department = _while_active(groups.shift_department)
delete_department = _while_active(groups.delete_department)
post_employee = _while_active(groups.post_employee)
end_posting = _while_active(groups.end_posting)
import_departments = _while_active(groups.import_departments)
