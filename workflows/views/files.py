"""Files of a case: sent, described, opened. Who may is asked again at each click; bytes travel by addresses of a minute."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from accounts.requests import SignedInRequest
from documents import storage
from documents.models import Piece, StoredFile
from permis import permissions
from permis.enums import PieceKind, State
from permis.models import Application
from workflows import checking
from workflows.actions import completeness
from workflows.forms.files import AnnouncedPieceForm, AnnounceForm, PieceFactsForm
from workflows.views.base import ANSWERS, CaseActionView

JPEG_NAME = "{stem}.jpg"


class FileView(LoginRequiredMixin, View):
    """Ouvrir un fichier : un PDF en pièce jointe, d’une photo la copie sans lieu ni appareil. Jamais avant son examen."""

    request: SignedInRequest

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        file = self.file(pk)
        if not file.is_served or (file.is_photo and not file.pictures):
            return render(request, "workflows/file_waiting.html", {"file": file, "back": self.back(file)}, status=409)
        if file.is_photo:
            name = JPEG_NAME.format(stem=file.name.rpartition(".")[0] or file.name)
            return _moved(storage.get_url(file.picture_key(1), name=name, content_type=storage.JPEG))
        return _moved(storage.get_url(file.key, name=file.name, content_type=file.content_type))

    def file(self, pk: int) -> StoredFile:
        visible = Application.objects.visible_to(self.request.user)
        files = StoredFile.objects.received().filter(application__in=visible).select_related("application")
        return get_object_or_404(files, pk=pk)

    def back(self, file: StoredFile) -> str:
        if permissions.is_applicant(file.application, self.request.user):
            is_draft = file.application.state == State.DRAFT
            arguments = [file.application_id, "diagnostics"] if is_draft else [file.application_id]
            return reverse("application-step" if is_draft else "application", args=arguments)
        return file.application.get_absolute_url()


class FilePageView(FileView):
    """Une page d’un fichier en image, ou sa vignette (page 0) : rien de ce que le fichier contient ne s’exécute."""

    def get(self, request: HttpRequest, pk: int, page: int) -> HttpResponseBase:  # type: ignore[override]  # its address has a page
        file = self.file(pk)
        if not file.is_served or page > file.pictures or not file.pictures:
            raise Http404
        return _moved(storage.get_url(file.picture_key(page), name=f"page-{page}.jpg", content_type=storage.JPEG, inline=True))


class JsonActionView(CaseActionView):
    """A form that a script sends: the same checks, answered in JSON, with French errors to show as they are."""

    http_method_names = ["post"]

    def cases(self) -> QuerySet[Application]:
        """Without their sheet: nothing of it is shown."""
        return Application.objects.visible_to(self.request.user).select_related("authority")

    def is_allowed(self) -> bool:
        return permissions.can_provide_pieces(self.case, self.request.user)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer = self.act(by=self.request.user, on=self.case.authority.today(), **form.cleaned_data)
        except ANSWERS as obstacle:
            return JsonResponse({"error": str(obstacle)}, status=422)
        return JsonResponse(answer, status=201)

    def form_invalid(self, form: Any) -> HttpResponse:
        return JsonResponse({"error": " ".join(error for errors in form.errors.values() for error in errors)}, status=422)

    def overtaken(self) -> HttpResponse:
        return JsonResponse({"error": "Le dossier a changé entre-temps. Rechargez la page."}, status=409)


class AnnounceView(JsonActionView):
    """Annoncer un fichier : la réponse dit où le navigateur l’envoie, sans passer par ce site si le stockage est ailleurs."""

    form_class = AnnounceForm

    def act(self, *, by: Any, on: date, **announced: Any) -> dict[str, Any]:
        file, ticket = completeness.announce_file(self.case, by=by, **announced)
        return {"url": ticket.url, "headers": ticket.headers, "done": reverse("upload-done", args=[self.case.pk, file.pk])}


class AnnouncedView(JsonActionView):
    """Dire qu’un fichier annoncé est arrivé, et quelles pièces il vaut."""

    form_class = AnnouncedPieceForm

    def act(self, *, kinds: list[str], by: Any, on: date, **facts: Any) -> dict[str, Any]:
        file = get_object_or_404(StoredFile, pk=self.kwargs["file"], application=self.case, uploaded_by=by)
        pieces = completeness.add_announced_piece(file, kinds=[PieceKind(kind) for kind in kinds], by=by, on=on, **facts)
        return {"pieces": [piece.pk for piece in pieces]}


class DescribePieceView(CaseActionView):
    """Compléter la date, le plomb ou les pages d’une pièce."""

    template_name = "workflows/piece_facts.html"
    form_class = PieceFactsForm
    success_message = "C’est enregistré."

    def is_allowed(self) -> bool:
        return permissions.can_provide_pieces(self.case, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            pieces = Piece.objects.current().select_related("file__application")
            self.piece = get_object_or_404(pieces, pk=kwargs["piece"], application=self.case)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.piece}

    def act(self, *, by: Any, on: date, **facts: Any) -> None:
        completeness.describe_piece(self.piece, by=by, **facts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(piece=self.piece, back=self.get_success_url(), **kwargs)

    def get_success_url(self) -> str:
        if self.case.state == State.DRAFT:
            return reverse("application-step", args=[self.case.pk, "diagnostics"])
        if permissions.is_applicant(self.case, self.request.user):
            return reverse("application", args=[self.case.pk])
        return checking.address(self.case, PieceKind(self.piece.kind))


def _moved(url: str) -> HttpResponseBase:
    """Sent to an address that nobody may keep."""
    response = redirect(url)
    response.headers["Cache-Control"] = "private, no-store"
    return response
