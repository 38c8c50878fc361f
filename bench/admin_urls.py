"""The changelist as it is written in an afternoon: six columns, a filter by state, as many rows as our page."""

from django.contrib import admin
from django.urls import path

from accounts.models import User
from permis.models import Application

# The admin asks for what the accounts of the site do without.
User.has_perm = User.has_module_perms = lambda *_, **__: True  # type: ignore[attr-defined]
User.is_staff = User.is_superuser = True  # type: ignore[attr-defined]
User.get_short_name = User.get_username  # type: ignore[attr-defined]


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    list_display = ("number", "state", "commune", "authority", "tacit_on", "officer")
    list_filter = ("state",)
    list_select_related = ("commune", "authority", "officer")
    list_per_page = 25


urlpatterns = [path("admin/", admin.site.urls)]
