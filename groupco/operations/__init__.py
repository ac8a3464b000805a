"""Every write of companies, people and accounts."""

from groupco.operations.accounts import (
    Person,
    Report,
    exclude_accounts,
    exclude_newest,
    exclude_person,
    import_accounts,
    register_accounts,
    register_new_persons,
    register_person,
)
from groupco.operations.addresses import mail_billing_address, set_billing_addresses
from groupco.operations.admins import (
    accept_invitation,
    add_admin,
    change_role,
    invite_admin,
    mark_notices_read,
    remove_admin,
    withdraw_invitation,
)
from groupco.operations.cards import report_cards
from groupco.operations.chart import set_order, set_scopes
from groupco.operations.companies import create_company
from groupco.operations.departments import (
    add_department,
    change_department,
    delete_department,
    shift_department,
)
from groupco.operations.details import DETAILS, request_change, update_company
from groupco.operations.groups import (
    check_may_end,
    check_ungrouped,
    form_group,
    join_group,
    leave_groups,
)
from groupco.operations.import_departments import DepartmentsReport, import_departments
from groupco.operations.postings import end_posting, post_employee
from groupco.operations.tokens import (
    Issued,
    issue_token,
    note_token_use,
    withdraw_token,
)
from groupco.operations.use import note_sign_in, report_use
from groupco.operations.users import (
    forget_sessions,
    forget_users,
    let_employee_in,
    link_employee,
    set_language,
    set_password,
    set_profile,
    set_sign_in,
)

__all__ = [
    "DETAILS",
    "DepartmentsReport",
    "Issued",
    "Person",
    "Report",
    "accept_invitation",
    "add_admin",
    "add_department",
    "change_department",
    "change_role",
    "check_may_end",
    "check_ungrouped",
    "create_company",
    "delete_department",
    "end_posting",
    "exclude_accounts",
    "exclude_newest",
    "exclude_person",
    "forget_sessions",
    "forget_users",
    "form_group",
    "import_accounts",
    "import_departments",
    "invite_admin",
    "issue_token",
    "join_group",
    "leave_groups",
    "let_employee_in",
    "link_employee",
    "mail_billing_address",
    "mark_notices_read",
    "note_sign_in",
    "note_token_use",
    "post_employee",
    "register_accounts",
    "register_new_persons",
    "register_person",
    "remove_admin",
    "report_cards",
    "report_use",
    "request_change",
    "set_billing_addresses",
    "set_language",
    "set_order",
    "set_password",
    "set_profile",
    "set_scopes",
    "set_sign_in",
    "shift_department",
    "update_company",
    "withdraw_invitation",
    "withdraw_token",
]
