"""Settings of the transmissions: to whom, by what means, and who reads the space of each partner."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from notifications import payloads
from notifications.ledger import RecipientKind
from notifications.models import Recipient
from territories.models import Authority
from workflows.actions import transmissions
from workflows.forms.transmissions import RecipientForm
from workflows.transmitting import BASES
from workflows.views.administration import SettingsFormView, SettingsView


class RecipientsView(SettingsView):
    """Écran « Destinataires des transmissions » des réglages."""

    template_name = "workflows/settings_recipients.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Recipient.objects.filter(authority=self.authority).prefetch_related("seats__membership__user")
        recipients = list(found.order_by("kind", "-since"))
        today = self.authority.today()
        held = {each.kind for each in recipients if each.since <= today and (each.until is None or each.until >= today)}
        wanted = [kind for kind in RecipientKind if kind != RecipientKind.EPCI]
        return super().get_context_data(
            recipients=recipients,
            missing=[(kind, BASES[kind]) for kind in wanted if kind not in held],
            read=[(kind, payloads.labels(kind)) for kind in wanted],
            **kwargs,
        )


class RecipientView(SettingsFormView):
    """Écran « Destinataire »."""

    form_class = RecipientForm
    success_message = "Le destinataire est enregistré. Ce qui l’attendait lui est adressé."
    extra_context = {
        "title": "Destinataire des transmissions",
        "button": "Enregistrer le destinataire",
        "lead": "Chaque destinataire reçoit les seules données que sa mission demande ; leur liste est au bas de la page des destinataires.",
    }

    @property
    def settings_url(self) -> str:
        return f"{reverse('settings-recipients')}?collectivite={self.authority.pk}"

    def choose(self, administered: QuerySet[Authority]) -> Authority:
        if "pk" not in self.kwargs:
            authority = super().choose(administered)
            self.recipient = Recipient(authority=authority, kind=self._asked(), since=authority.today())
        else:
            found = Recipient.objects.select_related("authority")
            self.recipient = get_object_or_404(found, pk=self.kwargs["pk"], authority__in=administered)
        return self.recipient.authority

    def _asked(self) -> str:
        asked = self.request.GET.get("nature", "")
        return asked if asked in RecipientKind.values else RecipientKind.CAF

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.recipient}

    def save(self, form: Any) -> None:
        transmissions.keep_recipient(form.instance, members=form.cleaned_data["members"], on=self.authority.today())
