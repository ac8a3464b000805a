"""The site map of a company's own host. R: A2."""

from workplace_console import guard
from workplace_console.addresses import COMPANY_HOST

urlpatterns = guard.site_map(COMPANY_HOST)

handler500 = "workplace_console.pages.closed.out_of_order"
