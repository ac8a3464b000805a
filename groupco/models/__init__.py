"""Who: companies, users and admins, employees and their accounts, and who pays for whom."""

from groupco.models.accounts import Account, Employee, Headcount
from groupco.models.admins import Admin, Invitation
from groupco.models.applications import ApplicationCompany, GroupApplication
from groupco.models.cards import CorporateCards
from groupco.models.companies import BillingAddress, Company, Payer, TakenId
from groupco.models.groups import Group, Membership
from groupco.models.organisation import ChartPlace, Department, Posting
from groupco.models.sign_in import Device, RecoveryCode, SecondFactor
from groupco.models.tokens import ApiToken
from groupco.models.users import Session, User, UserManager

__all__ = [
    "Account",
    "Admin",
    "ApiToken",
    "ApplicationCompany",
    "BillingAddress",
    "ChartPlace",
    "Company",
    "CorporateCards",
    "Department",
    "Device",
    "Employee",
    "Group",
    "GroupApplication",
    "Headcount",
    "Invitation",
    "Membership",
    "Payer",
    "Posting",
    "RecoveryCode",
    "SecondFactor",
    "Session",
    "TakenId",
    "User",
    "UserManager",
]
