"""Every write of what a company uses, and what may happen while it is in use."""

from products.operations.accounts import (
    exclude_accounts,
    exclude_newest,
    import_accounts,
    register_accounts,
    register_new_persons,
)
from products.operations.conversion import (
    begin_terms,
    change_reservation,
    reserve,
    withdraw_reservation,
)
from products.operations.deletion import finish_deletions
from products.operations.trial import expire_trials, remind_trials, start_trial

__all__ = [
    "begin_terms",
    "change_reservation",
    "exclude_accounts",
    "exclude_newest",
    "expire_trials",
    "finish_deletions",
    "import_accounts",
    "register_accounts",
    "register_new_persons",
    "remind_trials",
    "reserve",
    "start_trial",
    "withdraw_reservation",
]
