"""The adversarial procedure: the letters, what becomes of them, and the permit taken away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import User
from documents import receiving
from documents.models import Act
from permis import deadlines, guards, permissions, rules
from permis.enums import State
from permis.litigation import HearingPurpose
from permis.models import Hearing, PrescribedWork
from permis.rules import Rule
from workflows.actions import hearing, taking_back, works
from workflows.drafting import known
from workflows.forms.hearing import AnswerForm, HearingForm, LetterForm, ObservationsForm, RepealForm, RevocationForm
from workflows.forms.intake import ReasonForm
from workflows.guards import TaskGone
from workflows.views.base import CaseActionView
from workflows.views.sealing import SignedActView


class LetterView(CaseActionView):
    """A letter that opens an adversarial procedure."""

    template_name = "workflows/hearing.html"
    purpose: HearingPurpose

    def is_allowed(self) -> bool:
        return permissions.can_hear(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        hearing.open_hearing(self.case, purpose=self.purpose, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.case.authority.today()
        return super().get_context_data(days=rules.value(self.case.authority, Rule.HEARING_DAYS, on=today), **kwargs)


class HearingView(LetterView):
    """Écran « Lettre contradictoire » avant l’abrogation."""

    form_class = HearingForm
    nodes = ("check_works",)
    purpose = HearingPurpose.REPEAL
    success_message = "La lettre contradictoire est envoyée. Inscrivez le jour de sa réception : le délai pour répondre en part."

    @cached_property
    def unmet(self) -> QuerySet[PrescribedWork]:
        today = self.case.authority.today()
        held = [work.pk for work in works.to_settle(self.case) if work.may_be_held_against(today)]
        return works.to_settle(self.case).filter(pk__in=held)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "works": self.unmet}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_ready=bool(self.unmet), is_repeal=True, back=self.get_success_url(), **kwargs)

    def get_success_url(self) -> str:
        return reverse("case-works", args=[self.case.pk])


class RevocationLetterView(LetterView):
    """Écran « Lettre contradictoire avant retrait »."""

    form_class = LetterForm
    purpose = HearingPurpose.REVOCATION
    success_message = HearingView.success_message

    def require_current(self) -> None:
        if self.case.state not in State.authorising():
            raise TaskGone

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        until = deadlines.withdrawable_until(known(self.case.taken_on))
        return super().get_context_data(is_ready=True, is_repeal=False, until=until, back=self.get_success_url(), **kwargs)


class OneHearingView(CaseActionView):
    """A screen about one letter of the case."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.hearing = get_object_or_404(Hearing, application=self.case, pk=kwargs["hearing"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(hearing=self.hearing, back=self.get_success_url(), **kwargs)


class HearingAnswerView(OneHearingView):
    """Écran « Suite de la lettre contradictoire »."""

    template_name = "workflows/hearing_answer.html"
    form_class = AnswerForm
    success_message = "C’est inscrit au journal."

    def is_allowed(self) -> bool:
        return permissions.can_hear(self.case, self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.hearing, name) for name in AnswerForm.base_fields}

    def act(self, **cleaned: Any) -> None:
        hearing.record_answer(self.hearing, **cleaned)

    def get_success_url(self) -> str:
        is_repeal = self.hearing.purpose == HearingPurpose.REPEAL and self.case.state == State.GRANTED_CONDITIONAL
        return reverse("case-works", args=[self.case.pk]) if is_repeal else self.case.get_absolute_url()


class DropHearingView(OneHearingView):
    """Écran « Abandonner la procédure contradictoire »."""

    template_name = "workflows/simple_action.html"
    form_class = ReasonForm
    success_message = "La procédure est abandonnée, et le bailleur en est informé : l’autorisation reste en vigueur."
    extra_context = {
        "title": "Abandonner la procédure contradictoire",
        "button": "Abandonner",
        "lead": "L’autorisation reste en vigueur. Une nouvelle lettre sera nécessaire si la question revient.",
    }

    def is_allowed(self) -> bool:
        return permissions.can_hear(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        hearing.drop(self.hearing, **cleaned)


class ObservationsView(OneHearingView):
    """Écran « Présenter mes observations » du bailleur."""

    template_name = "workflows/observations.html"
    form_class = ObservationsForm
    success_message = "Vos observations sont reçues et versées au dossier."

    def is_allowed(self) -> bool:
        return permissions.is_applicant(self.case, self.request.user)

    def act(self, *, upload: list[Any], by: User, on: date, **said: Any) -> None:
        files = [receiving.receive(self.case, each, by=by).sha256 for each in upload or ()]
        hearing.answer(self.hearing, files=files, by=by, on=on, **said)

    def get_success_url(self) -> str:
        return reverse("application", args=[self.case.pk])


class TakingBackView(SignedActView):
    """A permit taken away, once its holder was heard."""

    purpose: HearingPurpose
    states: list[State]

    def require_current(self) -> None:
        if self.case.state not in self.states:
            raise TaskGone

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heard, obstacle = None, ""
        try:
            heard = hearing.heard(self.case, self.purpose, on=self.case.authority.today())
        except guards.Refusal as refusal:
            obstacle = str(refusal)
        return super().get_context_data(heard=heard, obstacle=obstacle, **kwargs)


class RevokeView(TakingBackView):
    """Écran « Retirer l’autorisation » : l’acte relu est celui qui sera scellé."""

    form_class = RevocationForm
    purpose = HearingPurpose.REVOCATION
    states = State.authorising()
    success_message = "L’autorisation est retirée. Notifiez l’arrêté : le délai de recours part de cette notification."
    extra_context = {
        "title": "Retirer l’autorisation",
        "lead": "Seule une autorisation illégale peut être retirée, dans les quatre mois, après une procédure contradictoire (CRPA L. 242-1).",
    }

    def preview(self, **cleaned: Any) -> Act:
        return taking_back.preview_revocation(self.case, **cleaned)

    def sign(self, **cleaned: Any) -> None:
        taking_back.revoke(self.case, **cleaned)


class RepealView(TakingBackView):
    """Écran « Abroger l’autorisation » : l’acte relu est celui qui sera scellé."""

    form_class = RepealForm
    purpose = HearingPurpose.REPEAL
    states = [State.GRANTED_CONDITIONAL]
    success_message = "L’autorisation est abrogée. Notifiez l’arrêté : il prend effet à cette notification."
    extra_context = {
        "title": "Abroger l’autorisation",
        "lead": "Une autorisation dont les travaux ne sont pas faits peut être abrogée à tout moment, après une procédure contradictoire (CRPA L. 242-2, 1°).",
    }

    def preview(self, **cleaned: Any) -> Act:
        return taking_back.preview_repeal(self.case, **cleaned)

    def sign(self, **cleaned: Any) -> None:
        taking_back.repeal(self.case, **cleaned)
