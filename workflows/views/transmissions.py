"""The ledger of mandatory transmissions: what is due, what was sent and how, what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View
from django.views.generic import TemplateView
from django_fsm import TransitionNotAllowed

from accounts.requests import SignedInRequest
from documents.acts import ActNotReady
from notifications import exports, payloads
from notifications.ledger import RecipientKind, TransmissionMeans, TransmissionState
from notifications.models import KEEPERS, Recipient, Slip, Transmission
from notifications.permissions import can_transmit_for
from territories.models import Authority
from territories.text import row_keys
from workflows import ledger, transmitting
from workflows.actions import transmissions
from workflows.forms.transmissions import AcknowledgeForm, CorrectForm, SendForm
from workflows.views.downloads import download
from workflows.views.screens import FormScreen, RoleScreen

# What an action may answer to what a person asked.
ANSWERS = (transmissions.AlreadyCorrected, transmissions.ImpossibleDay, transmissions.NothingToSend, ActNotReady)
CHANGED = "Cette transmission a changé entre-temps. Relisez-la avant d’aller plus loin."


class KeeperView(RoleScreen, TemplateView):
    """For who keeps or reads the ledger of an authority."""

    roles = KEEPERS

    def known(self) -> QuerySet[Transmission]:
        return Transmission.objects.visible_to(self.request.user).with_subject()


class LedgerView(KeeperView):
    """Écran « Transmissions »."""

    template_name = "workflows/ledger.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        assert user.home_authority is not None, "a person with a role has an authority"
        today = user.home_authority.today()
        filters = ledger.Filters.of(self.request.GET)
        page = ledger.page(user, filters, number=self.request.GET.get("page", ""), today=today)
        return super().get_context_data(
            today=today,
            filters=filters,
            tabs=ledger.tabs(user, filters, today=today),
            page=page,
            rows=ledger.rows(page, today=today),
            is_due=filters.is_due,
            before=filters.url(page=page.previous_page_number()) if page.has_previous() else "",
            after=filters.url(page=page.next_page_number()) if page.has_next() else "",
            waiting=ledger.waiting(user) if not filters.tab and not filters.narrows else [],
            kinds=RecipientKind,
            communes=list(ledger.communes(user, chosen=filters.commune)),
            nothing=ledger.NOTHING[filters.tab],
            keeps=user.authorities_as(*KEEPERS[:2]),
            has_several=len(self.held) > 1,
            **kwargs,
        )


class TransmissionView(KeeperView):
    """Écran « Transmission » : ce qui est transmis, à qui, quand, avec quelle preuve."""

    template_name = "workflows/transmission.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = get_object_or_404(self.known().select_related("corrects", "act", "slip__message"), pk=self.kwargs["pk"])
        keeps = can_transmit_for(found.authority, self.request.user)
        is_out = found.state in (TransmissionState.SENT, TransmissionState.ACKNOWLEDGED)
        correction = found.corrections.first()
        return super().get_context_data(
            transmission=found,
            row=transmitting.Row.of(found, today=found.authority.today()),
            lines=payloads.lines(found.payload),
            report=transmitting.sections_of(found.payload),
            correction=correction,
            proof=transmitting.proof_of(found),
            can_send=keeps and found.state == TransmissionState.DUE and found.slip is None and found.recipient is not None,
            can_acknowledge=keeps and found.state == TransmissionState.SENT,
            can_correct=keeps and is_out and correction is None,
            **kwargs,
        )


class LedgerFormView(KeeperView, FormScreen):
    """One form of the ledger: 404 outside one's authorities, 403 for who only reads it."""

    def authority(self) -> Authority:
        raise NotImplementedError

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.on = self.authority().today()
        if not can_transmit_for(self.authority(), self.request.user):
            raise PermissionDenied
        return super().respond(request, *args, **kwargs)

    def act(self, **cleaned: Any) -> Any:
        raise NotImplementedError

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            self.act(by=self.request.user, on=self.on, **form.cleaned_data)
        except ANSWERS as answer:
            form.add_error(None, str(answer))
            return self.form_invalid(form)
        except TransitionNotAllowed:
            form.add_error(None, CHANGED)
            return self.form_invalid(form)
        return redirect(self.get_success_url())


class SendView(LedgerFormView):
    """Écran « Envoyer » : tout ce qui est dû à un destinataire, ou une seule transmission."""

    template_name = "workflows/transmission_send.html"
    form_class = SendForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and request.user.authorities_as(*KEEPERS):
            found = Recipient.objects.visible_to(request.user).select_related("authority")
            self.recipient = get_object_or_404(found, pk=kwargs["pk"])
            self.chosen = row_keys([request.GET.get("transmission", "")])

    def authority(self) -> Authority:
        return self.recipient.authority

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "means": self.recipient.means, "today": self.on}

    def act(self, **cleaned: Any) -> None:
        slip = transmissions.send(self.recipient, chosen=self.chosen, **cleaned)
        going = "part dans la minute" if slip.means == TransmissionMeans.EMAIL else "est enregistré"
        messages.success(self.request, f"Le bordereau n° {slip.number} {going}.")

    def get_success_url(self) -> str:
        return reverse("ledger")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        due = transmissions.to_send(self.recipient, chosen=self.chosen).with_subject().order_by("opened_on", "pk")
        kind = RecipientKind(self.recipient.kind)
        return super().get_context_data(
            recipient=self.recipient,
            rows=[transmitting.Row.of(each, today=self.on) for each in due],
            fields=payloads.labels(kind),
            sends_itself=self.recipient.means in (TransmissionMeans.EMAIL, TransmissionMeans.SPACE),
            is_actes=self.recipient.means == TransmissionMeans.ACTES,
            **kwargs,
        )


class OneTransmissionFormView(LedgerFormView):
    """A form about one transmission, which it leads back to."""

    template_name = "workflows/transmission_form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and request.user.authorities_as(*KEEPERS):
            self.transmission = get_object_or_404(self.known(), pk=kwargs["pk"])

    def authority(self) -> Authority:
        return self.transmission.authority

    def get_success_url(self) -> str:
        return self.transmission.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(transmission=self.transmission, **kwargs)


class AcknowledgeView(OneTransmissionFormView):
    """Écran « Accusé de réception »."""

    form_class = AcknowledgeForm
    extra_context = {"title": "Enregistrer un accusé de réception", "button": "Enregistrer l’accusé"}

    def act(self, **cleaned: Any) -> None:
        transmissions.acknowledge(self.transmission, **cleaned)
        messages.success(self.request, "L’accusé de réception est enregistré.")


class CorrectView(OneTransmissionFormView):
    """Écran « Rectifier »."""

    form_class = CorrectForm
    extra_context = {"title": "Rectifier ce qui a été transmis", "button": "Préparer le rectificatif"}

    def act(self, **cleaned: Any) -> None:
        self.transmission = transmissions.correct(self.transmission, **cleaned)
        messages.success(self.request, "Le rectificatif est prêt : il reste à l’envoyer.")


class ActesView(KeeperView):
    """L’archive que demande l’opérateur @CTES : chaque acte sous son numéro, et leur fiche."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        found = Recipient.objects.visible_to(self.request.user).select_related("authority")
        recipient = get_object_or_404(found, pk=self.kwargs["pk"], kind=RecipientKind.PREFECTURE)
        if not can_transmit_for(recipient.authority, self.request.user):
            raise PermissionDenied
        due = Transmission.objects.to_send().filter(recipient=recipient).with_subject()
        try:
            archive = exports.actes_archive(list(due.select_related("act__application").order_by("opened_on", "pk")))
        except ActNotReady as answer:
            messages.error(request, str(answer))
            return redirect("ledger")
        return download(archive, f"actes-{recipient.authority.today():%Y-%m-%d}.zip", exports.ZIP)


class SlipFileView(LoginRequiredMixin, View):
    """Un fichier d’un bordereau, pour le service et pour le partenaire à qui il est adressé."""

    def get(self, request: SignedInRequest, pk: int, rank: int) -> HttpResponse:
        found = Slip.objects.visible_to(request.user).select_related("recipient")
        slip = get_object_or_404(found, pk=pk)
        files = exports.files_of(slip)
        if rank >= len(files):
            raise Http404
        name, content, content_type = files[rank]
        return download(content, name, content_type)
