"""The changelist of Django's admin on the cases, in three sites: as it is written in an afternoon, then with what our page offers."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path

from accounts.enums import Role
from accounts.models import User
from permis.enums import State
from permis.models import Application

# The admin asks for what the accounts of the site do without.
User.has_perm = User.has_module_perms = lambda *_, **__: True  # type: ignore[attr-defined]
User.is_staff = User.is_superuser = True  # type: ignore[attr-defined]
User.get_short_name = User.get_username  # type: ignore[attr-defined]


class ApplicationAdmin(admin.ModelAdmin):
    """Six columns, a filter by state, as many rows as our page; every case of every authority."""

    list_display = ("number", "state", "commune", "authority", "tacit_on", "officer")
    list_filter = ("state",)
    list_select_related = ("commune", "authority", "officer")
    list_per_page = 25


class OfferingAsMuch(ApplicationAdmin):
    """By legal date, the cases of the person's authorities, with our filters and the exact count of each of their choices."""

    list_filter = (
        "state",
        "regime",
        *((name, admin.RelatedOnlyFieldListFilter) for name in ("commune", "zone", "officer")),
    )
    ordering = ("tacit_on",)
    search_fields = ("number", "search")
    show_facets = admin.ShowFacets.ALWAYS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return super().get_queryset(request).filter(authority__in=request.user.authorities_as(*Role.reading_cases()))


class OfferingAsMuchOfOpenCases(OfferingAsMuch):
    """The same of the cases where something is left to do, as on our page."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return super().get_queryset(request).filter(state__in=[*State.open(), State.GRANTED_CONDITIONAL])


def _site(name: str, options: type[admin.ModelAdmin]) -> admin.AdminSite:
    site = admin.AdminSite(name=name)
    site.register(Application, options)
    return site


urlpatterns = [
    path("admin/", _site("admin", ApplicationAdmin).urls),
    path("open/", _site("open", OfferingAsMuchOfOpenCases).urls),
    path("all/", _site("all", OfferingAsMuch).urls),
]
