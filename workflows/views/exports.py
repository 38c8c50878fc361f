"""Exporting cases: what to take, what was taken, and the journal that the authority reads."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View
from django.views.generic import FormView, TemplateView
from django.views.generic.base import TemplateResponseMixin

from accounts.enums import Role
from accounts.requests import SignedInRequest
from documents import storage
from permis.enums import State
from territories.enums import Regime
from workflows.exports import asking, columns, figures, sheets, writing
from workflows.exports.models import Export, ExportRecord, ExportState, FileFormat, Source
from workflows.exports.selection import CaseFilters, Selection
from workflows.forms.exports import ExportForm
from workflows.presentation import Badge
from workflows.views.administration import SettingsView
from workflows.views.dashboard import DashboardView

PAGE = 50
YEARS = 10
LISTED = 50
_BADGES = {
    ExportState.QUEUED: ("", "hourglass"),
    ExportState.WRITING: ("is-info", "hourglass-split"),
    ExportState.READY: ("is-ok", "check-circle-fill"),
    ExportState.HANDED_OVER: ("is-ok", "download"),
    ExportState.FAILED: ("is-danger", "exclamation-octagon-fill"),
    ExportState.EXPIRED: ("", "trash"),
}


class ReadersView(LoginRequiredMixin, TemplateResponseMixin, View):
    """For who reads the cases of an authority; an elected member reads figures, and exports no case."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not request.user.roles & set(Role.reading_cases()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ExportView(ReadersView, FormView):
    """Écran « Exporter » : tous les dossiers déposés, par année, état et commune."""

    template_name = "workflows/export.html"
    form_class = ExportForm
    source = Source.CASES

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.selection = Selection.of(self.source, request.GET)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not ratelimit.consume(request, action="export"):
            return ratelimit.respond_429(request)
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """The columns of the preset that was clicked, else those of the last time."""
        asked = self.request.GET.get("modele", "")
        preset = next((each.keys for each in columns.PRESETS if each.key == asked), None)
        last = Export.objects.visible_to(self.request.user).order_by("-asked_at", "-pk").first()
        return {
            "columns": preset or (last.columns if last else columns.DEFAULT),
            "format": last.format if last else FileFormat.XLSX,
        }

    def form_valid(self, form: Any) -> HttpResponseBase:  # type: ignore[override]  # a file is an answer too
        chosen, file_format = form.cleaned_data["columns"], form.cleaned_data["format"]
        try:
            export = asking.ask(self.selection, chosen=chosen, file_format=file_format, by=self.request.user, on=self.today)
        except (asking.NothingToExport, asking.TooManyRows, asking.TooManyWaiting) as answer:
            form.add_error(None, str(answer))
            return self.form_invalid(form)
        if export.is_waiting:
            messages.success(self.request, "Votre fichier se prépare. Vous recevrez un courriel quand il sera prêt.")
            return redirect("export-list")
        return attachment(asking.stream(export), export.name, asking.CONTENT_TYPES[file_format])

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @property
    def today(self) -> Any:
        assert self.request.user.home_authority is not None, "a person with a role has an authority"
        return self.request.user.home_authority.today()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, query = self.request.user, self.selection.query
        authorities = user.authorities_as(*Role.reading_cases())
        context = super().get_context_data(**kwargs)
        return context | {
            "is_worklist": self.source == Source.WORKLIST,
            "back_url": f"{reverse('worklist')}?{query}",
            "words": asking.in_words(self.selection, user),
            "rows": sum(self.selection.counts(user, today=self.today).values()),
            "large": asking.LARGE,
            "groups": context["form"].groups(),
            "formats": [(value, label, value == context["form"]["format"].value()) for value, label in FileFormat.choices],
            "presets": [(each.label, f"?{query}{'&' if query else ''}modele={each.key}") for each in columns.PRESETS],
            "filters": CaseFilters.of(self.selection.values),
            "years": [str(self.today.year - back) for back in range(YEARS)],
            "states": [(state.value, state.label) for state in State if state != State.DRAFT],
            "regimes": Regime.choices,
            "communes": figures.communes(authorities),
        }


class WorklistExportView(ExportView):
    """Écran « Exporter » : les dossiers de la liste de travail, tels que ses filtres les montrent."""

    source = Source.WORKLIST


class ExportListView(ReadersView, TemplateView):
    """Écran « Mes exports » : où chacun en est, jusqu’à quand il s’ouvre."""

    template_name = "workflows/export_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(Export.objects.visible_to(self.request.user).order_by("-asked_at", "-pk")[:LISTED])
        rows = [(export, Badge(str(ExportState(export.state).label), *_BADGES[ExportState(export.state)])) for export in found]
        return super().get_context_data(rows=rows, are_waiting=any(export.is_waiting for export in found), **kwargs)


class ExportFileView(ReadersView):
    """Ouvrir un export prêt : qui l’a demandé, tant qu’il lit encore ces dossiers, par une adresse d’une minute."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        export = get_object_or_404(Export.objects.visible_to(self.request.user), pk=pk)
        if export.state != ExportState.READY:
            messages.warning(request, "Ce fichier n’est pas prêt, ou n’existe plus : il s’efface au bout de sept jours.")
            return redirect("export-list")
        if not writing.may_open(export, self.request.user):
            raise PermissionDenied
        content_type = asking.CONTENT_TYPES[FileFormat(export.format)]
        response = redirect(storage.get_url(export.key, name=export.name, content_type=content_type))
        response.headers["Cache-Control"] = "private, no-store"
        return response


class ExportJournalView(SettingsView):
    """Écran « Exports » des réglages : qui a pris quoi, combien de lignes et quand."""

    template_name = "workflows/settings_exports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        records = ExportRecord.objects.filter(authority=self.authority).order_by("-made_at", "-pk")
        if self.request.GET.get("personnelles"):
            records = records.filter(is_personal=True)
        page = Paginator(records, PAGE).get_page(self.request.GET.get("page", ""))
        headers = {key: column.header for key, column in columns.BY_KEY.items()}
        rows = [(record, ", ".join(headers.get(key, key) for key in record.columns)) for record in page]
        return super().get_context_data(page=page, rows=rows, only_personal=bool(self.request.GET.get("personnelles")), **kwargs)


class FiguresFileView(DashboardView):
    """Les chiffres des communes, en classeur ou en CSV : ni dossier, ni personne."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # a file
        commune = self.named_commune()
        place = commune.pk if commune is not None else ""
        name = "-".join(["chiffres", self.period.key, *([place] if place else [])])
        rows = figures.rows(self.keys, self.period, today=self.today, commune=place)
        if request.GET.get("format", "") == FileFormat.XLSX:
            chunks = sheets.file_chunks(figures.as_xlsx(rows, self.period, today=self.today))
            return attachment(chunks, f"{name}.xlsx", sheets.XLSX_TYPE)
        return attachment([figures.as_csv(rows)], f"{name}.csv", sheets.CSV_TYPE)


def attachment(chunks: Any, name: str, content_type: str) -> StreamingHttpResponse:
    """A file that the browser keeps, sent while it is made, and that nobody else keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(chunks, content_type=content_type, headers=headers)
