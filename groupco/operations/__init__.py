"""Every write of companies, people and accounts."""

from groupco.operations.accounts import (
    Person,
    Report,
    exclude_accounts,
    exclude_newest,
    import_accounts,
    register_accounts,
    register_new_persons,
)
from groupco.operations.companies import add_admin, create_company, forget_people
from groupco.operations.users import link_employee, set_sign_in

__all__ = [
    "Person",
    "Report",
    "add_admin",
    "create_company",
    "exclude_accounts",
    "exclude_newest",
    "forget_people",
    "import_accounts",
    "link_employee",
    "register_accounts",
    "register_new_persons",
    "set_sign_in",
]
