"""Strings in: what people type or upload, turned into values, or refused with a sentence."""

from groupco.forms.departments import HEADINGS as DEPARTMENT_HEADINGS
from groupco.forms.departments import read_departments, read_departments_upload
from groupco.forms.roster import HEADINGS as ROSTER_HEADINGS
from groupco.forms.roster import mail_address, read_roster, read_upload
from groupco.forms.table import MOST_BYTES, MOST_ROWS, decoded

__all__ = [
    "DEPARTMENT_HEADINGS",
    "MOST_BYTES",
    "MOST_ROWS",
    "ROSTER_HEADINGS",
    "decoded",
    "mail_address",
    "read_departments",
    "read_departments_upload",
    "read_roster",
    "read_upload",
]
