from django.contrib.admin.apps import SimpleAdminConfig


class SupportConfig(SimpleAdminConfig):
    """Django admin as our support staff has it: at /support/, its own site, its own sign-in.

    Nothing is discovered: support/site.py lists what there is. So no package can add a page that
    writes past the operations (Django's own registers groups and passwords).
    """

    default_site = "workplace_console.support.site.SupportSite"
