"""What every page opened by a signed link has in common: nobody is signed in, and nobody else finds it."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views import View

from permis.models import Application


class LinkedView(View):
    """A page on the clocks of the authority, kept by no cache and listed by no search engine."""

    def find(self, token: str) -> Application:
        """The case that the link is about, and what of it. Raises BadSignature."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            application = self.find(kwargs["token"])
        except signing.BadSignature:
            raise Http404 from None
        return self.respond(request, application)

    def respond(self, request: HttpRequest, application: Application) -> HttpResponseBase:
        with timezone.override(application.authority.zone_info):
            response = super().dispatch(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
