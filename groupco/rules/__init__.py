"""What is allowed about companies and accounts, and how accounts are counted over days."""

from groupco.rules.accounts import (
    BadRoster,
    Held,
    RosterRow,
    check_enough,
    check_not_future,
    check_person,
    check_unsettled,
    count_changes,
    days_touched,
    has_control,
    takes_away,
)
from groupco.rules.admins import (
    INVITATION_DAYS,
    LONGEST_CHANGE_REQUEST,
    check_change_request,
    check_not_last_owner,
    invitation_end,
    masked,
)
from groupco.rules.cards import check_as_of
from groupco.rules.companies import (
    COMPANY_ID,
    MOST_BILLING_ADDRESSES,
    RESERVED_IDS,
    business_number,
    check_billing_addresses,
    check_company_id,
    check_company_name,
    check_details,
)

__all__ = [
    "COMPANY_ID",
    "INVITATION_DAYS",
    "LONGEST_CHANGE_REQUEST",
    "MOST_BILLING_ADDRESSES",
    "RESERVED_IDS",
    "BadRoster",
    "Held",
    "RosterRow",
    "business_number",
    "check_as_of",
    "check_billing_addresses",
    "check_change_request",
    "check_company_id",
    "check_company_name",
    "check_details",
    "check_enough",
    "check_not_future",
    "check_not_last_owner",
    "check_person",
    "check_unsettled",
    "count_changes",
    "days_touched",
    "has_control",
    "invitation_end",
    "masked",
    "takes_away",
]
