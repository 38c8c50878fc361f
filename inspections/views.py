"""What a phone asks and sends, in JSON: no answer is ever a page, and what cannot be kept is refused by a French sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.gzip import gzip_page
from django.views.generic import ListView

from accounts.enums import Role
from accounts.models import User
from accounts.requests import SignedInRequest
from documents.backends import StorageFailed
from documents.receiving import FileRefused
from inspections import bundle, entering, payloads
from inspections.models import Device, Visit
from inspections.models.visit import can_inspect
from inspections.payloads import Malformed


class PhoneView(View):
    """One question of a phone. A revoked one is told so first, even signed out: it must forget what it holds."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.now: datetime = timezone.now()
        try:
            self.device = _device_of(request)
            if self.device and Device.objects.filter(pk=self.device, revoked_at__isnull=False).exists():
                raise entering.Revoked
            if not request.user.is_authenticated:
                return JsonResponse({"signed_out": True}, status=401)
            return super().dispatch(request, *args, **kwargs)
        except entering.Revoked:
            logout(request)
            return JsonResponse({"revoked": True}, status=403)
        except entering.DeviceOfAnother as refusal:
            return JsonResponse({"other_user": True, "error": str(refusal)}, status=403)
        except PermissionDenied:
            return _error("Cette visite n’est pas de votre ressort.", 403)
        except Http404:
            return _error("Cette visite n’existe pas, ou n’est plus de votre ressort.", 404)
        except entering.UnknownPhoto:
            return JsonResponse({"unknown": True}, status=404)
        except entering.OutOfOrder as gap:
            return JsonResponse({"expected": gap.expected, "error": str(gap)}, status=409)
        except entering.WrongBytes as fault:
            return JsonResponse({"offset": 0, "whole": False, "error": str(fault)}, status=422)
        except Malformed as fault:
            named = {"entry": str(fault.entry)} if fault.entry else {}
            return JsonResponse({"error": str(fault), **named}, status=400)
        except FileRefused as refusal:
            return _error(str(refusal), 400)
        except StorageFailed as obstacle:
            return JsonResponse({"error": str(obstacle), "again": True}, status=503)

    def visit(self, pk: int) -> Visit:
        """A visit that this person may make. Raises Http404, PermissionDenied."""
        visits = Visit.objects.visible_to(self.request.user).select_related("application__authority")
        visit = get_object_or_404(visits, pk=pk)
        if not can_inspect(visit, self.request.user):
            raise PermissionDenied
        return visit

    def body(self, longest: int) -> bytes:
        """The bytes of the request, never more than said. Raises Malformed."""
        length = self.request.headers.get("Content-Length") or "0"
        if not length.isdecimal() or len(length) > 9 or int(length) > longest:
            raise Malformed("Cet envoi est trop long. Envoyez-le en plusieurs fois.")
        try:
            return self.request.body
        except UnreadablePostError:
            raise Malformed("Cet envoi n’est pas arrivé en entier. Envoyez-le de nouveau.") from None


@method_decorator(gzip_page, name="dispatch")
class DayView(PhoneView):
    """The day's bundle, and which of the visits that the phone holds it must forget; each visit brings its grid, hence squeezed."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        visits = bundle.of(request.user, at=self.now)
        wanted = {each["id"] for each in visits}
        held = [int(each) for each in request.GET.get("visits", "").split(",") if each.isdecimal()][:500]
        content = {
            "user": {"id": request.user.pk, "name": request.user.full_name},
            "csrf": get_token(request),
            "clock": self.now.isoformat(),
            "device_ok": self._meet(request),
            "erase": [each for each in held if each not in wanted],
            "visits": visits,
        }
        return _kept_by_nobody(JsonResponse(content))

    def _meet(self, request: SignedInRequest) -> bool:
        """Whether this phone may go on under its identifier; that of somebody else may not."""
        if self.device is None:
            return False
        label = request.GET.get("label", "")[:120]
        try:
            entering.meet(self.device, label=label, by=request.user, at=self.now)
        except entering.DeviceOfAnother:
            return False
        return True


class EntriesView(PhoneView):
    """Entries of one visit, and in return those that other phones wrote meanwhile."""

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        visit = self.visit(pk)
        batch = payloads.read(self.body(payloads.MAX_BODY))
        received = entering.receive(visit, batch, by=request.user, at=self.now)
        content: dict[str, Any] = {
            "accepted": [
                {"id": str(each.pk), "number": each.number, "conflict": bundle.conflict_of(each)} for each in received.accepted
            ],
            "cursor": received.cursor,
            "entries": [bundle.entry_data(each) for each in received.others],
            "clock": self.now.isoformat(),
            "erase": [] if bundle.visits_of(request.user, at=self.now).filter(pk=visit.pk).exists() else [visit.pk],
        }
        return _kept_by_nobody(JsonResponse(content | ({"late": True} if received.is_late else {})))


class PhotoView(PhoneView):
    """The bytes of one photo, by chunks: the answer says from where to go on."""

    def get(self, request: SignedInRequest, pk: int, photo: UUID) -> HttpResponse:
        return _progress(entering.progress(entering.announced(self.visit(pk), photo)))

    def put(self, request: SignedInRequest, pk: int, photo: UUID) -> HttpResponse:
        visit = self.visit(pk)
        offset = request.headers.get("Upload-Offset", "")
        if not offset.isdecimal() or len(offset) > 9:
            raise Malformed("L’en-tête Upload-Offset manque, ou n’est pas un nombre d’octets.")
        content = self.body(entering.CHUNK)
        return _progress(entering.receive_chunk(visit, photo, offset=int(offset), content=content, by=request.user))


class DeviceList(LoginRequiredMixin, ListView):
    """Écran « Mes téléphones » : les siens, et ceux des personnes de sa collectivité pour qui la gère."""

    request: SignedInRequest
    template_name = "inspections/devices.html"
    context_object_name = "devices"

    def get_queryset(self) -> QuerySet[Device]:
        _require_fieldwork(self.request.user)
        return Device.objects.visible_to(self.request.user).select_related("user").order_by("-last_seen_at", "pk")


class RevokeDeviceView(LoginRequiredMixin, View):
    """Effacer un téléphone : il oublie tout à son prochain contact."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: UUID) -> HttpResponse:
        device = get_object_or_404(Device.objects.visible_to(request.user), pk=pk)
        entering.revoke(device, by=request.user, at=timezone.now())
        messages.success(request, "Ce téléphone oubliera les visites à son prochain contact avec le site.")
        return redirect("device-list")


def _require_fieldwork(user: User) -> None:
    """Those who visit, and those who answer for them."""
    if not user.authorities_as(*Role.visiting(), Role.ADMINISTRATOR):
        raise PermissionDenied


def _device_of(request: HttpRequest) -> UUID | None:
    """The phone that speaks, if it says so; one that says nonsense is not believed."""
    said = request.headers.get("X-Device") or request.GET.get("device", "")
    try:
        return UUID(said) if said else None
    except ValueError:
        raise Malformed("L’identifiant de ce téléphone ne peut pas être lu. Rechargez la page.") from None


def _progress(progress: entering.Progress) -> JsonResponse:
    return JsonResponse({"offset": progress.offset, "whole": progress.whole})


def _error(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


def _kept_by_nobody(response: JsonResponse) -> JsonResponse:
    """Only the page itself keeps it, in a store that it can erase."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
