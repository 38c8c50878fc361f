"""Photos of a case: seen together, blurred where persons are visible, handed over as an archive."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from documents import blurring, storage
from documents.backends import StorageFailed
from documents.blurring import NotBlurred
from permis.permissions import can_review
from workflows import photos
from workflows.actions import photos as handing
from workflows.forms.photos import BlurForm, ShareForm
from workflows.guards import require_permission
from workflows.photos import NotBlurredYet, Shot
from workflows.views.inspection import InspectView


class PhotosView(InspectView):
    """Écran « Photos du dossier » : les remettre en dit d’abord la raison, le destinataire et l’accord des personnes."""

    template_name = "workflows/photos.html"
    form_class = ShareForm

    @cached_property
    def shots(self) -> list[Shot]:
        return photos.of(self.case)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Inspectors see the photos; those who review the case hand them over."""
        require_permission(can_review(self.case, self.request.user))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ShareForm) -> HttpResponse:
        """The archive is whole before its line is written: a storage that fails hands nothing over and says so."""
        told, today = dict(form.cleaned_data), self.case.authority.today()
        with_landlord = told.pop("with_landlord")
        shots = self.shots if with_landlord else photos.of(self.case, with_landlord=False)
        if not shots:
            form.add_error(None, "Ce dossier n’a pas de photo à remettre.")
            return self.form_invalid(form)
        try:
            content = photos.archive(shots)
        except (NotBlurredYet, NotBlurred, StorageFailed) as obstacle:
            form.add_error(None, str(obstacle))
            return self.form_invalid(form)
        sha256 = storage.sha256_of_chunks(iter(lambda: content.read(65536), b""))
        content.seek(0)
        files = [shot.file.pk for shot in shots]
        handing.share(self.case, files=files, sha256=sha256, by=self.request.user, on=today, **told)
        answer = FileResponse(content, as_attachment=True, filename=photos.name_of(self.case, on=today))
        answer.headers["Content-Type"], answer.headers["Cache-Control"] = "application/zip", "private, no-store"
        return answer  # type: ignore[return-value]  # a response that streams

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = [shot for shot in self.shots if not shot.is_ready]
        return super().get_context_data(
            shots=self.shots, waiting=waiting, can_share=can_review(self.case, self.request.user), **kwargs
        )


class ShotView(InspectView):
    """A screen of one photo, found by its file among those of the case."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.shot = next((shot for shot in photos.of(self.case) if shot.file.pk == kwargs["file"]), None)
            if self.shot is None:
                raise Http404


class BlurView(ShotView):
    """Écran « Flouter une photo »."""

    template_name = "workflows/blur.html"
    form_class = BlurForm
    success_message = "C’est enregistré. L’original reste scellé ; seule la copie remise est floutée."
    shot: Shot

    def get_initial(self) -> dict[str, Any]:
        said = self.shot.has_people
        return {"has_people": said, "regions": BlurForm.written(self.shot.regions)}

    def act(self, **cleaned: Any) -> None:
        handing.blur(self.shot.file, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(shot=self.shot, **kwargs)

    def get_success_url(self) -> str:
        return reverse("case-photos", args=[self.case.pk])


class BlurredView(ShotView):
    """La copie floutée, telle qu’elle serait remise."""

    http_method_names = ["get"]
    shot: Shot

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if not self.shot.regions:
            raise Http404
        try:
            picture = blurring.copy_for_others(self.shot.file, self.shot.regions)
        except (NotBlurred, StorageFailed) as obstacle:
            return HttpResponse(str(obstacle), status=503, content_type="text/plain; charset=utf-8")
        return HttpResponse(picture, content_type=storage.JPEG, headers={"Cache-Control": "private, no-store"})
