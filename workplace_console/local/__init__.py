"""The servers of a clone that has none: PostgreSQL and Valkey as children of a command.

Standard library only, so that a command that needs no server pays nothing for this package.
"""

from workplace_console.local.environment import ROOT, VAR, Environment
from workplace_console.local.ownership import Given, Urls, servers
from workplace_console.local.terminal import Refusal, say, use_utf8, warn

__all__ = [
    "ROOT",
    "VAR",
    "Environment",
    "Given",
    "Refusal",
    "Urls",
    "say",
    "servers",
    "use_utf8",
    "warn",
]
