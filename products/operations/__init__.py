"""Every write of what a company uses, and what may happen while it is in use."""

from products.operations.accounts import (
    exclude_accounts,
    exclude_newest,
    import_accounts,
    register_accounts,
    register_new_persons,
    register_person,
)
from products.operations.conversion import (
    begin_terms,
    change_reservation,
    reserve,
    withdraw_reservation,
)
from products.operations.deletion import finish_deletions
from products.operations.prices import set_price, withdraw_price
from products.operations.trial import expire_trials, extend_trial, remind_trials, start_trial

__all__ = [
    "begin_terms",
    "change_reservation",
    "exclude_accounts",
    "exclude_newest",
    "expire_trials",
    "extend_trial",
    "finish_deletions",
    "import_accounts",
    "register_accounts",
    "register_new_persons",
    "register_person",
    "remind_trials",
    "reserve",
    "set_price",
    "start_trial",
    "withdraw_price",
    "withdraw_reservation",
]
