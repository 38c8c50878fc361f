"""How a decision reaches its recipient: sent, handed over, made available, opened; and what became of each letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from documents import receiving
from permis.enums import Means, State
from permis.models import Application, Notice
from permis.permissions import can_review, is_applicant
from workflows import channels, letters, notices
from workflows.actions import consent, notification
from workflows.forms.notification import ConsentForm, LetterForm, NoticeForm, OpenForm
from workflows.presentation import ClockChip
from workflows.views.base import CaseActionView
from workflows.views.downloads import pdf


class NotifyView(CaseActionView):
    """Écran « Notifier la décision » : le moyen sûr pour les jours qui restent, l’envoi, puis la preuve."""

    template_name = "workflows/notify.html"
    form_class = NoticeForm

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    @cached_property
    def advice(self) -> list[channels.Advice]:
        return channels.advise(self.case, today=self.case.authority.today())

    def get_form_kwargs(self) -> dict[str, Any]:
        online = any(each.means == Means.PORTAL and each.is_open for each in self.advice)
        return {**super().get_form_kwargs(), "is_online_open": online and self.case.state == State.DECISION_SIGNED}

    def get_initial(self) -> dict[str, Any]:
        today = self.case.authority.today()
        notice = self.case.notices.of_decision().exclude(means=Means.PORTAL).order_by("pk").last()
        if notice is None:
            return {"means": channels.safest_means(self.case, on=today), "recipient": consent.recipient(self.case)}
        return {"means": notice.means, "tracking_number": notice.tracking_number, "sent_on": notice.sent_on}

    def act(
        self, *, means: str, sent_on: date | None, notified_on: date | None, proof: Any, by: Any, on: date, **facts: Any
    ) -> None:
        if means == Means.PORTAL:
            notice = notification.make_available(self.case, by=by, on=on)
            self.success_message = f"La décision attend d’être ouverte, jusqu’au {notice.reading_ends_on:%d/%m/%Y}. Le bailleur en est averti par courriel."
            return
        stored = receiving.receive(self.case, proof, by=by) if proof else None
        sha256 = stored.sha256 if stored else ""
        if notified_on is None:
            assert sent_on is not None  # the form asks for one of the two
            notification.send_notice(
                self.case,
                means=Means(means),
                sent_on=sent_on,
                tracking_number=facts["tracking_number"],
                proof_sha256=sha256,
                by=by,
                on=on,
            )
            self.success_message = (
                "L’envoi est noté. Saisissez la première présentation dès que vous la connaissez : elle seule compte."
            )
            return
        case = notification.notify(
            self.case, means=Means(means), notified_on=notified_on, proof_sha256=sha256, by=by, on=on, **facts
        )
        self.success_message = _told(case, notified_on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.case.authority.today()
        return super().get_context_data(
            advice=self.advice,
            needs_second=channels.needs_second(self.case, today=today),
            sendings=notices.of(self.case),
            recipient=consent.recipient(self.case),
            said=consent.last(self.case),
            chip=ClockChip.of(self.case, today=today),
            **kwargs,
        )


class LetterView(CaseActionView):
    """Écran « Suivi de la lettre » : première présentation, puis retrait ou retour, chacun avec sa preuve."""

    template_name = "workflows/letter.html"
    form_class = LetterForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.notice = get_object_or_404(Notice, application=self.case, means=Means.REGISTERED_LETTER, pk=kwargs["notice"])

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    def get_initial(self) -> dict[str, Any]:
        names = ("first_presented_on", "collected_on", "returned_on", "return_reason")
        return {name: getattr(self.notice, name) for name in names}

    def act(self, *, proof: Any, returned_proof: Any, by: Any, on: date, **days: Any) -> None:
        def stored(file: Any) -> str:
            return receiving.receive(self.case, file, by=by).sha256 if file else ""

        before = State(self.case.state)
        notice = notification.follow_letter(
            self.notice, proof_sha256=stored(proof), returned_proof_sha256=stored(returned_proof), by=by, on=on, **days
        )
        case = Application.objects.get(pk=self.case.pk)
        is_told = before == State.DECISION_SIGNED != case.state and notice.first_presented_on is not None
        self.success_message = _told(case, notice.first_presented_on) if is_told else "Le suivi de la lettre est enregistré."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = next(each for each in notices.of(self.case) if each.notice == self.notice)
        chip = ClockChip.of(self.case, today=self.case.authority.today())
        return super().get_context_data(sending=found, chip=chip, **kwargs)


class HandReceiptView(CaseActionView):
    """Le récépissé à faire signer pour une remise en main propre, en PDF."""

    http_method_names = ["get"]

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        sheet = letters.hand_receipt(self.case, agent=self.request.user.full_name, on=self.case.authority.today())
        return pdf(sheet, f"recepisse-{self.case.pk}.pdf")


class LandlordActionView(CaseActionView):
    """A button of the landlord’s own page."""

    http_method_names = ["post"]

    def is_allowed(self) -> bool:
        return is_applicant(self.case, self.request.user)

    def get_success_url(self) -> str:
        return reverse("application", args=[self.case.pk])


class OpenDecisionView(LandlordActionView):
    """Ouvrir la décision en ligne : ce clic est la première consultation (CRPA R.112-20)."""

    form_class = OpenForm

    def act(self, *, by: Any, on: date) -> None:
        case = notification.open_decision(self.case, by=by, on=on, at=timezone.now())
        if case.notified_on:
            self.success_message = "La décision est ouverte : lisez-la ci-dessous, et l’acte parmi les documents."
        else:
            messages.warning(
                self.request,
                f"Cette décision a été ouverte après le {case.tacit_on:%d/%m/%Y}, dernier jour du délai : elle est sans effet. "
                "L’autorisation est née du silence de l’administration.",
            )


class ConsentView(LandlordActionView):
    """Donner ou retirer l’accord pour la notification en ligne."""

    form_class = ConsentForm

    def act(self, *, agrees: bool, by: Any, on: date) -> None:
        (consent.give if agrees else consent.withdraw)(self.case, by=by, on=on)
        self.success_message = (
            "Votre accord est enregistré : un courriel vous dira quand une décision vous attend."
            if agrees
            else "Votre accord est retiré : la décision vous sera envoyée par lettre recommandée ou remise en main propre."
        )


def _told(case: Application, notified_on: date | None) -> str:
    if case.notified_on:
        return f"La décision est notifiée le {case.notified_on:%d/%m/%Y} : elle prend effet."
    if case.state == State.DECISION_SIGNED:
        return "Cette date est postérieure à l’échéance, mais la décision attend encore d’être ouverte en ligne : rien n’est tranché."
    return f"Notification du {notified_on:%d/%m/%Y}, postérieure à l’échéance : elle est sans effet, l’autorisation est née du silence."
