from django.apps import AppConfig


class GroupcoConfig(AppConfig):
    """Who: companies, their people and accounts, admins, who pays for whom."""

    name = "groupco"
    verbose_name = "회사"
