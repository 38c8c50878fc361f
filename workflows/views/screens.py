"""Who may open a screen, and how a form that is not valid comes back: what every screen starts from."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.generic import FormView, View
from django.views.generic.base import TemplateResponseMixin

from accounts.enums import Role
from accounts.requests import SignedInRequest
from territories.models import Authority


class GatedScreen(AccessMixin, TemplateResponseMixin, View):
    """Sign-in is asked first, then 403 for whoever may not, then the screen responds."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not self.is_allowed():
            raise PermissionDenied
        return self.respond(request, *args, **kwargs)

    def is_allowed(self) -> bool:
        """Whether this person may open the screen."""
        raise NotImplementedError

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What is asked of the screen, by a person who may open it: the place to read what all its methods need."""
        return super().dispatch(request, *args, **kwargs)


class RoleScreen(GatedScreen):
    """A screen of the people who hold one of ``roles`` in some authority."""

    roles: tuple[Role, ...] = ()

    def is_allowed(self) -> bool:
        return bool(self.held)

    @property
    def held(self) -> set[int]:
        """Keys of the authorities where the person holds one of these roles."""
        return self.request.user.authorities_as(*self.roles)

    @property
    def served(self) -> list[Authority]:
        """Those authorities themselves, by key."""
        return self.request.user.serving(*self.roles)


class FormScreen(FormView):
    """A form that is not valid comes back on its own screen, with its errors and all that was typed."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
