"""The space of a partner: what was transmitted to the recipient they read for, and nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView
from django_fsm import TransitionNotAllowed

from accounts.enums import Role
from accounts.requests import SignedInRequest
from notifications import exports, payloads
from notifications.enums import Occasion, RecipientKind, TransmissionState
from notifications.models import Recipient, Slip, Transmission, TransmissionQuerySet
from territories.models import Zone
from territories.text import holds_words
from workflows import transmitting
from workflows.actions import transmissions
from workflows.views.downloads import download
from workflows.views.screens import RoleScreen

PAGE = 25


class PartnerView(RoleScreen, TemplateView):
    """For who holds the role of partner somewhere; without a recipient they see that they have none."""

    roles = (Role.PARTNER,)

    def received(self) -> TransmissionQuerySet:
        """What they received, narrowed to what they search."""
        found = Transmission.objects.received_by(self.request.user).with_subject().select_related("corrects")
        found = found.filter(holds_words(self.request.GET.get("q", "")[:100]))
        if self.request.GET.get("etat") == "accuse-a-donner":
            found = found.filter(state=TransmissionState.SENT)
        return found.order_by("-sent_on", "-pk")


class PartnerSpaceView(PartnerView):
    """Écran « Espace partenaire »."""

    template_name = "workflows/partner.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        recipients = list(
            Recipient.objects.filter(seats__membership__user=user).select_related("authority").order_by("authority__name")
        )
        authorities = [recipient.authority for recipient in recipients]
        slips = Slip.objects.visible_to(user).filter(transmissions__sent_on__isnull=False).distinct()
        zones = Zone.objects.filter(authority__in=authorities).select_related("commune", "authority")
        page = Paginator(self.received(), PAGE).get_page(self.request.GET.get("page", ""))
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            recipients=recipients,
            page=page,
            rows=[transmitting.Row.received(each) for each in page],
            to_acknowledge=Transmission.objects.received_by(user).filter(state=TransmissionState.SENT).count(),
            only_waiting=query.get("etat") == "accuse-a-donner",
            text=query.get("q", "")[:100],
            query=query.urlencode(),
            slips=slips.select_related("recipient__authority").order_by("-made_on", "-pk")[:PAGE],
            zones=zones.order_by("authority__name", "commune__sort_key", "name"),
            **kwargs,
        )


class PartnerTransmissionView(PartnerView):
    """Écran d’une transmission reçue."""

    template_name = "workflows/partner_transmission.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = get_object_or_404(self.received(), pk=self.kwargs["pk"])
        return super().get_context_data(
            transmission=found,
            row=transmitting.Row.received(found),
            lines=payloads.lines(found.payload),
            report=transmitting.sections_of(found.payload),
            # A former one that they never got is not theirs to look for.
            former=found.corrects if found.corrects is not None and found.corrects.sent_on else None,
            replaced_by=found.corrections.filter(sent_on__isnull=False).first(),
            can_acknowledge=found.state == TransmissionState.SENT,
            **kwargs,
        )


class PartnerExportView(PartnerView):
    """Les données reçues, telles que la recherche les montre, en CSV ou en JSON."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.kwargs["form"]
        found = list(self.received().order_by("pk"))
        if form == "transmissions.json":
            return download(exports.as_json(found), form, exports.JSON)
        if form == "deliberations.csv":
            return download(exports.deliberations_csv(found), form, exports.CSV)
        recipient = Recipient.objects.filter(seats__membership__user=self.request.user).order_by("pk").first()
        if form != "decisions.csv" or recipient is None:
            raise Http404
        # One kind a file, since the columns are those of the recipient; a person of several authorities holds one kind.
        mine = [each for each in found if each.kind == recipient.kind and each.occasion in Occasion.of_cases()]
        return download(exports.decisions_csv(RecipientKind(recipient.kind), mine), form, exports.CSV)


class PartnerAcknowledgeView(PartnerView):
    """Accuser réception d’une transmission, ou de toutes."""

    def post(self, request: SignedInRequest, pk: int | None = None) -> HttpResponse:
        if pk is None:
            count = transmissions.acknowledge_all(by=request.user)
            messages.success(
                request, "Vous aviez déjà accusé réception de tout." if not count else f"Accusé de réception donné : {count}."
            )
            return redirect("partner")
        found = get_object_or_404(self.received(), pk=pk)
        today = found.authority.today()
        try:
            transmissions.acknowledge(
                found, acknowledged_on=today, proof=transmissions.by_partner(request.user), by=request.user, on=today
            )
        except TransitionNotAllowed:
            messages.warning(request, "Vous avez déjà accusé réception de cette transmission, ou elle est remplacée.")
        else:
            messages.success(request, "L’accusé de réception est donné.")
        return redirect("partner-transmission", pk=pk)
