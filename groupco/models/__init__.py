"""Who: companies, users and admins, employees and their accounts, and who pays for whom."""

from groupco.models.accounts import Account, Employee, Headcount
from groupco.models.admins import Admin, Invitation
from groupco.models.cards import CorporateCards
from groupco.models.companies import BillingAddress, Company, Payer, TakenId
from groupco.models.groups import Group, Membership
from groupco.models.tokens import ApiToken
from groupco.models.users import Session, User, UserManager

__all__ = [
    "Account",
    "Admin",
    "ApiToken",
    "BillingAddress",
    "Company",
    "CorporateCards",
    "Employee",
    "Group",
    "Headcount",
    "Invitation",
    "Membership",
    "Payer",
    "Session",
    "TakenId",
    "User",
    "UserManager",
]
