"""Every write of what a company uses, and what may happen while it is in use."""

from products.operations.accounts import (
    exclude_accounts,
    exclude_newest,
    exclude_person,
    import_accounts,
    register_accounts,
    register_new_persons,
    register_person,
    report_use,
)
from products.operations.capacity import (
    add_capacity,
    check_all_capacity,
    report_all_storage,
    report_storage,
    return_capacity,
)
from products.operations.cards import report_cards
from products.operations.conversion import (
    begin_terms,
    change_reservation,
    reserve,
    withdraw_reservation,
)
from products.operations.deletion import (
    close_for_good,
    finish_deletions,
    forget_records,
    take_deletions,
    take_read,
    take_retained,
)
from products.operations.groups import (
    agree_to_group,
    apply_for_group,
    ask_to_replace,
    form_group,
    join_group,
    kind_of_application,
    leave_group,
    match_application,
)
from products.operations.locking import lock_active
from products.operations.organisation import (
    add_department,
    change_department,
    delete_department,
    end_posting,
    import_departments,
    post_employee,
    shift_department,
)
from products.operations.prices import set_price, withdraw_price
from products.operations.restoring import due_now, hold_back, mark_again
from products.operations.termination import end_terms, mark_terminated, undo_termination
from products.operations.tokens import issue_token
from products.operations.trial import expire_trials, extend_trial, remind_trials, start_trial
from products.operations.upgrade import request_upgrade, withdraw_upgrade

__all__ = [
    "add_capacity",
    "add_department",
    "agree_to_group",
    "apply_for_group",
    "ask_to_replace",
    "begin_terms",
    "change_department",
    "change_reservation",
    "check_all_capacity",
    "close_for_good",
    "delete_department",
    "due_now",
    "end_posting",
    "end_terms",
    "exclude_accounts",
    "exclude_newest",
    "exclude_person",
    "expire_trials",
    "extend_trial",
    "finish_deletions",
    "forget_records",
    "form_group",
    "hold_back",
    "import_accounts",
    "import_departments",
    "issue_token",
    "join_group",
    "kind_of_application",
    "leave_group",
    "lock_active",
    "mark_again",
    "mark_terminated",
    "match_application",
    "post_employee",
    "register_accounts",
    "register_new_persons",
    "register_person",
    "remind_trials",
    "report_all_storage",
    "report_cards",
    "report_storage",
    "report_use",
    "request_upgrade",
    "reserve",
    "return_capacity",
    "set_price",
    "shift_department",
    "start_trial",
    "take_deletions",
    "take_read",
    "take_retained",
    "undo_termination",
    "withdraw_price",
    "withdraw_reservation",
    "withdraw_upgrade",
]
