"""The grid on paper: printed before a visit, photographed after it, attached to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from documents import receiving
from documents.enums import FilePurpose
from inspections import paper
from inspections.enums import VisitState
from workflows.actions import paper_grid
from workflows.forms.files import FilledGridForm
from workflows.views.administration import SettingsView
from workflows.views.downloads import pdf
from workflows.views.inspection import VisitView


class PaperGridView(VisitView):
    """La grille d’une visite à imprimer, avec le code qui mène à « Joindre la grille »."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        attach_url = request.build_absolute_uri(reverse("visit-grid-attach", args=[self.visit.pk]))
        sheet = paper.of_visit(self.visit, attach_url=attach_url, on=self.case.authority.today())
        return pdf(sheet, f"grille-visite-{self.visit.pk}.pdf")


class BlankGridView(SettingsView):
    """La grille de la collectivité, à lire ou à imprimer."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return pdf(paper.blank(self.authority, on=self.authority.today()), "grille-de-visite.pdf")


class AttachGridView(VisitView):
    """Écran « Joindre la grille remplie » : un PDF ou des photos, par l’adresse du code imprimé."""

    template_name = "workflows/attach_grid.html"
    form_class = FilledGridForm
    success_message = "La grille est jointe à la visite. Il reste à saisir le rapport."

    def act(self, *, upload: list[Any], by: Any, on: date) -> None:
        """The bytes are stored before the case is locked, and not at all where nothing may be attached."""
        paper_grid.require_held(self.visit)
        files = [receiving.receive(self.case, each, by=by, purpose=FilePurpose.VISIT) for each in upload]
        paper_grid.attach_grid(self.visit, files=[file.sha256 for file in files], by=by, on=on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        can_report = self.visit.state == VisitState.PLANNED
        return super().get_context_data(grid_files=self.grid_files, can_report=can_report, **kwargs)

    def get_success_url(self) -> str:
        return self.request.path
