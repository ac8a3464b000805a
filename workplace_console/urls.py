"""The console's site map: the declared addresses, pages and API, and Django admin for staff."""

from django.contrib import admin
from django.urls import path, register_converter

from workplace_console import guard, routes
from workplace_console.addresses import API, CONSOLE

register_converter(routes.CompanyId, "company")
register_converter(routes.Month, "month")

urlpatterns = [
    *guard.site_map(CONSOLE),
    *guard.api_map(API),
    path("support/", admin.site.urls),
]

handler500 = "workplace_console.pages.closed.out_of_order"
