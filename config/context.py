"""What every page shows around its content: the authority, the person, and where they may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from territories.models import Authority


@dataclass(frozen=True)
class NavigationEntry:
    label: str
    url: str
    is_current: bool


_AGENT_PAGES = (
    ("Dossiers", "worklist", {Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER, Role.LEGAL}),
    ("Visites", "visit-day", set(Role.visiting())),
    ("Courrier", "post", {Role.OFFICER, Role.MANAGER}),
    ("Adresses", "address-search", set(Role.reading_cases())),
    ("Signatures", "signature-list", {Role.SIGNATORY}),
    ("Contentieux", "litigation", {Role.LEGAL, Role.MANAGER, Role.SIGNATORY}),
    ("Sanctions", "sanction-list", set(Role.reading_sanctions())),
    ("Transmissions", "ledger", {Role.OFFICER, Role.MANAGER, Role.AUDITOR}),
    ("Espace partenaire", "partner", {Role.PARTNER}),
    ("Tableau de bord", "dashboard", {Role.MANAGER, Role.ELECTED}),
    ("Réglages", "settings", {Role.ADMINISTRATOR}),
)

# Other addresses of the same pages.
_WITH = {"address-search": ("/arretes/",)}


def site(request: HttpRequest) -> dict[str, Any]:
    """The authority of the person, or the only one of the site, and the navigation of their roles."""
    user = getattr(request, "user", None)
    roles = user.roles if user is not None and user.is_authenticated else frozenset()
    return {
        "site_authority": _authority(user if roles else None),
        "navigation": [
            NavigationEntry(label, url, request.path.startswith((url, *_WITH.get(name, ()))))
            for label, name, allowed in _AGENT_PAGES
            if roles & allowed
            for url in [reverse(name)]
        ],
        "can_search": bool(roles & {*Role.reading_cases(), Role.AGENT}),
        "has_phones": bool(roles & {*Role.visiting(), Role.ADMINISTRATOR}),
        "role_names": ", ".join(role.label for role in Role if role in roles),
        "is_demo": settings.DEMO and not settings.TESTING,
    }


def _authority(user: User | None) -> Authority | None:
    """The one of the person; for everybody else, the first intercommunal body of the site."""
    return user.home_authority if user is not None else Authority.objects.order_by("kind", "pk").last()
