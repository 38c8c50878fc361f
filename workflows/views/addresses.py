"""What the service knows of an address: a search, and one page an address."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from accounts.enums import Role
from workflows import neighbourhood
from workflows.views.orders import OrderScreen


class AddressSearchView(OrderScreen, TemplateView):
    """Écran « Adresses »."""

    roles = tuple(Role.reading_cases())
    template_name = "workflows/address_search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "")[:200]
        return super().get_context_data(text=text, places=neighbourhood.search(text, self.request.user), **kwargs)


class AddressView(OrderScreen, TemplateView):
    """Écran « Adresse » : dossiers, visites, rapports et arrêtés d’un immeuble."""

    roles = tuple(Role.reading_cases())
    template_name = "workflows/address.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = neighbourhood.around(kwargs["key"], self.request.user)
        if found is None:
            raise Http404
        return super().get_context_data(around=found, **kwargs)
