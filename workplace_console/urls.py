"""The console's site map: the declared addresses, and Django admin for support staff."""

from django.contrib import admin
from django.urls import path, register_converter

from workplace_console import guard, routes
from workplace_console.addresses import CONSOLE

register_converter(routes.CompanyId, "company")
register_converter(routes.Month, "month")

urlpatterns = [*guard.site_map(CONSOLE), path("support/", admin.site.urls)]
