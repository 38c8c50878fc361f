"""Files of a case: sent, described, opened. Who may is asked again at each click; bytes travel by addresses of a minute."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from accounts.requests import SignedInRequest
from documents import storage
from documents.backends import StorageFailed
from documents.models import StoredFile
from documents.receiving import NotArrived
from permis import permissions
from permis.enums import PieceKind, State
from permis.models import Application
from workflows.actions import gathering
from workflows.forms.files import AnnounceForm, MeantForm
from workflows.views.base import ANSWERS, CaseActionView

JPEG_NAME = "{stem}.jpg"
TOO_MANY = "Trop de fichiers en une heure pour un même compte. Attendez un peu, puis envoyez les suivants : rien n’est perdu."


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
        files = StoredFile.objects.visible_to(self.request.user).received().select_related("application", "sanction")
        return get_object_or_404(files, pk=pk)

    def back(self, file: StoredFile) -> str:
        if file.application is not None and permissions.is_applicant(file.application, self.request.user):
            is_draft = file.application.state == State.DRAFT
            arguments = [file.application_id, "diagnostics"] if is_draft else [file.application_id]
            return reverse("application-step" if is_draft else "application", args=arguments)
        return file.owner.get_absolute_url()


class FilePageView(FileView):
    """Une page d’un fichier en image, ou sa vignette (page 0) : rien de ce que le fichier contient ne s’exécute."""

    def get(self, request: HttpRequest, pk: int, page: int) -> HttpResponseBase:  # type: ignore[override]  # its address has a page
        file = self.file(pk)
        if not file.is_served or page > file.pictures or not file.pictures:
            raise Http404
        return _moved(storage.get_url(file.picture_key(page), name=f"page-{page}.jpg", content_type=storage.JPEG, inline=True))


class JsonActionView(CaseActionView):
    """A form that a script sends: the same checks, answered in JSON, with French errors to show as they are.

    ``again`` says that the same file may be sent again.
    """

    http_method_names = ["post"]

    def cases(self) -> QuerySet[Application]:
        """Without their sheet: nothing of it is shown."""
        return Application.objects.visible_to(self.request.user).select_related("authority")

    def is_allowed(self) -> bool:
        return permissions.can_provide_pieces(self.case, self.request.user)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer = self.act(by=self.request.user, on=self.case.authority.today(), **form.cleaned_data)
        except StorageFailed as obstacle:
            return JsonResponse({"error": str(obstacle), "again": True}, status=503)
        except NotArrived as obstacle:
            return JsonResponse({"error": str(obstacle), "again": True}, status=409)
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

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not ratelimit.consume(request, action="announce_file"):
            return JsonResponse({"error": TOO_MANY}, status=429)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "pieces": self.case.pieces.all()}

    def act(self, *, by: Any, on: date, name: str, size: int, content_type: str, **meant: Any) -> dict[str, Any]:
        announced = meant | {"instead_of": [piece.pk for piece in meant["instead_of"]]}
        file, ticket = gathering.announce_file(
            self.case, by=by, name=name, size=size, content_type=content_type, announced=announced
        )
        return {"url": ticket.url, "headers": ticket.headers, "done": reverse("upload-done", args=[self.case.pk, file.pk])}


class AnnouncedView(JsonActionView):
    """Dire qu’un fichier annoncé est arrivé ; il vaut les pièces que l’annonce a dites, ou celles que l’on dit maintenant."""

    form_class = MeantForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            mine = StoredFile.objects.filter(application=self.case, uploaded_by=request.user)
            self.file = get_object_or_404(mine, pk=kwargs["file"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        said = self.request.POST if "kinds" in self.request.POST else self.file.announced
        return {**super().get_form_kwargs(), "data": said, "pieces": self.case.pieces.all()}

    def act(self, *, kinds: list[str], by: Any, on: date, **meant: Any) -> dict[str, Any]:
        given_as = [PieceKind(kind) for kind in kinds]
        pieces = gathering.add_announced_piece(self.file, kinds=given_as, by=by, on=on, **meant)
        return {"pieces": [piece.pk for piece in pieces]}


def _moved(url: str) -> HttpResponseBase:
    """Sent to an address that nobody may keep."""
    response = redirect(url)
    response.headers["Cache-Control"] = "private, no-store"
    return response
