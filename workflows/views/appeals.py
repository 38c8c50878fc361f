"""Appeals: filed by the landlord or entered by the service, answered by a signatory, followed before the court."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import ListView
from django_fsm import can_proceed

from accounts.enums import Role
from accounts.models import User
from documents import receiving
from documents.enums import ActKind, FilePurpose
from documents.models import Act
from permis import permissions
from permis.enums import ConditionMode, Means, Outcome, State
from permis.litigation import AppealState, Judgment
from permis.models import Appeal, Decision, PrescribedWork
from workflows import remedies, suspending
from workflows.actions import act_notices, appeals, court, suspension, undoing
from workflows.contested import NewRuling
from workflows.forms.appeals import (
    REJECTED,
    UNDONE,
    UNDONE_LABELS,
    AppealAnswerForm,
    AppealForm,
    AskedReasonsForm,
    CourtFollowForm,
    CourtForm,
    JudgmentForm,
    LetterAppealForm,
    SuspensionEndForm,
    SuspensionForm,
)
from workflows.forms.notification import NoticeForm
from workflows.guards import TaskGone
from workflows.views.base import CaseActionView
from workflows.views.screens import RoleScreen
from workflows.views.sealing import SignedActView


class LitigationListView(RoleScreen, ListView):
    """Écran « Contentieux » : les recours en cours, par prochaine date."""

    roles = (Role.LEGAL, Role.MANAGER, Role.SIGNATORY)
    template_name = "workflows/litigation.html"
    context_object_name = "appeals"
    paginate_by = 25

    def get_queryset(self) -> QuerySet[Appeal]:
        user = self.request.user
        assert user.home_authority is not None, "a person with a role has an authority"
        self.today = user.home_authority.today()
        mine = Appeal.objects.visible_to(user).filter(application__authority__in=self.held)
        related = ("application__dwelling", "application__commune", "application__authority")
        return mine.live_on(self.today).select_related(*related).order_by(F("next_on").asc(nulls_last=True), "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(today=self.today, **kwargs)
        for appeal in context["appeals"]:
            appeal.step = appeal.next_step(appeal.application.authority.today())
        return context


class FileAppealView(CaseActionView):
    """Écran « Former un recours gracieux » du bailleur."""

    template_name = "workflows/appeal.html"
    form_class = AppealForm
    success_message = "Votre recours est reçu. L’accusé de réception sera prêt dans une minute, parmi les documents."

    def is_allowed(self) -> bool:
        return permissions.is_applicant(self.case, self.request.user)

    def require_current(self) -> None:
        self.remedy = remedies.of(self.case, today=self.case.authority.today())
        if self.remedy is None:
            raise TaskGone

    def act(self, *, upload: list[Any], by: User, on: date, **said: Any) -> None:
        files = [receiving.receive(self.case, each, by=by).sha256 for each in upload or ()]
        appeals.file_appeal(self.case, files=files, by=by, on=on, **said)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(remedy=self.remedy, back=self.get_success_url(), **kwargs)

    def get_success_url(self) -> str:
        return reverse("application", args=[self.case.pk])


class EnterAppealView(FileAppealView):
    """Écran « Inscrire un recours reçu »."""

    template_name = "workflows/enter_appeal.html"
    form_class = LetterAppealForm
    success_message = "Le recours est inscrit, et son accusé de réception part."

    def is_allowed(self) -> bool:
        return permissions.can_hear(self.case, self.request.user)

    def get_success_url(self) -> str:
        return self.case.get_absolute_url()


class OneAppealView(CaseActionView):
    """A screen about one appeal of the case, as long as it stands in one of these states."""

    states: tuple[AppealState, ...] = ()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.appeal = get_object_or_404(
                Appeal.objects.select_related("application__authority"), application=self.case, pk=kwargs["appeal"]
            )

    def require_current(self) -> None:
        if self.appeal.state not in self.states:
            raise TaskGone

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(appeal=self.appeal, **kwargs)


class AskReasonsView(OneAppealView):
    """Demander les motifs d’un rejet né du silence, en ligne."""

    http_method_names = ["post"]
    form_class = Form
    states = (AppealState.IMPLICITLY_REJECTED,)
    success_message = "Votre demande est reçue : les motifs vous seront donnés dans le mois."

    def is_allowed(self) -> bool:
        return permissions.is_applicant(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        appeals.ask_for_reasons(self.appeal, **cleaned)

    def get_success_url(self) -> str:
        return reverse("application", args=[self.case.pk])


class EnterReasonsView(OneAppealView):
    """Écran « Motifs demandés par lettre »."""

    template_name = "workflows/simple_action.html"
    form_class = AskedReasonsForm
    states = (AppealState.IMPLICITLY_REJECTED,)
    success_message = "La demande est inscrite : une décision expresse donne les motifs, dans le mois."
    extra_context = {
        "title": "Inscrire une demande de motifs",
        "button": "Inscrire",
        "lead": "Les motifs d’un rejet né du silence se donnent dans le mois de la demande ; sinon, il est illégal (CRPA L. 232-4).",
    }

    def is_allowed(self) -> bool:
        return permissions.can_hear(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        appeals.ask_for_reasons(self.appeal, **cleaned)


class AnswerAppealView(SignedActView, OneAppealView):
    """Écran « Répondre au recours » : rejet motivé, ou décision nouvelle, relus avant d’être signés."""

    form_class = AppealAnswerForm
    states = (AppealState.PENDING, AppealState.IMPLICITLY_REJECTED)
    extra_context = {
        "title": "Répondre au recours",
        "lead": "La réponse est motivée. Accueillir le recours, c’est prendre une décision nouvelle à la place de celle qui est contestée.",
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        decision = Decision.objects.filter(application=self.case).first()
        works = PrescribedWork.objects.filter(decision=decision).order_by("position")
        return {
            **super().get_form_kwargs(),
            "works": works,
            "grounds": decision.grounds if decision else [],
            "may_replace": can_proceed(self.case.decide_appeal),
            "undone": UNDONE_LABELS.get(self.case.state, ""),
        }

    def preview(self, *, outcome: str, reasons: str, by: User, on: date, **ruling: Any) -> Act:
        if outcome == REJECTED:
            return appeals.preview_rejection(self.appeal, reasons=reasons, by=by, on=on)
        if outcome == UNDONE:
            return undoing.preview_undoing(self.appeal, reasons=reasons, by=by, on=on)
        return appeals.preview_acceptance(self.appeal, ruling=_ruling(outcome, reasons, **ruling), by=by, on=on)

    def sign(self, *, act: Act, outcome: str, reasons: str, by: User, on: date, **ruling: Any) -> None:
        if outcome == REJECTED:
            appeals.reject(self.appeal, act=act, reasons=reasons, by=by, on=on)
            self.success_message = "Le recours est rejeté. Notifiez la réponse : le délai pour saisir le tribunal en part."
            return
        if outcome == UNDONE:
            undoing.undo(self.appeal, act=act, reasons=reasons, by=by, on=on)
            self.success_message = "Le recours est accueilli : l’acte contesté est retiré, et la réponse part au bailleur."
            return
        appeals.accept(self.appeal, act=act, ruling=_ruling(outcome, reasons, **ruling), by=by, on=on)
        self.success_message = "Le recours est accueilli : la décision nouvelle prend effet et part au bailleur."


class NotifyActView(CaseActionView):
    """Écran « Preuve de notification » d’un acte autre que la décision."""

    template_name = "workflows/notify_act.html"
    form_class = NoticeForm
    success_message = "La notification est inscrite : le délai de recours part de ce jour."

    def is_allowed(self) -> bool:
        return permissions.can_review(self.case, self.request.user)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            kinds = [*ActKind.contestable(), *ActKind.decisions(), ActKind.APPEAL_ACCEPTANCE]
            self.notified = get_object_or_404(self.case.acts.issued(), pk=kwargs["act"], kind__in=kinds)

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["notified_on"].required = True
        form.fields[
            "notified_on"
        ].help_text = "Pour une lettre : la date de première présentation, même si elle a été retirée plus tard."
        return form

    def act(self, *, means: str, sent_on: date | None, proof: Any, by: User, on: date, **facts: Any) -> None:
        stored = receiving.receive(self.case, proof, by=by) if proof else None
        sha256 = stored.sha256 if stored else ""
        act_notices.notify_act(
            self.case, act=self.notified, means=Means(means), proof_sha256=sha256, sent_on=sent_on, by=by, on=on, **facts
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(notified=self.notified, **kwargs)


class SeizeCourtView(CaseActionView):
    """Écran « Inscrire une requête devant le tribunal »."""

    template_name = "workflows/court.html"
    form_class = CourtForm
    success_message = "La requête est inscrite."
    extra_context = {"title": "Inscrire une requête devant le tribunal", "button": "Inscrire la requête"}

    def is_allowed(self) -> bool:
        return permissions.can_judge(self.case, self.request.user)

    def require_current(self) -> None:
        if self.case.state not in State.judged():
            raise TaskGone

    def get_initial(self) -> dict[str, Any]:
        return {"author": appeals.lessor_names(self.case), "court_name": self.case.authority.court_name}

    def act(self, *, upload: list[Any], by: User, on: date, **said: Any) -> None:
        court.seize(self.case, files=_of_litigation(self, upload, by), by=by, on=on, **said)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        remedy = remedies.of(self.case, today=self.case.authority.today())
        return super().get_context_data(remedy=remedy, **kwargs)


class FollowCourtView(OneAppealView):
    """Écran « Suivre l’affaire »."""

    template_name = "workflows/court.html"
    form_class = CourtFollowForm
    states = (AppealState.BEFORE_COURT,)
    success_message = "L’affaire est à jour."
    extra_context = {"title": "Suivre l’affaire devant le tribunal", "button": "Enregistrer"}

    def is_allowed(self) -> bool:
        return permissions.can_judge(self.case, self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.appeal, name) for name in CourtFollowForm.base_fields if name != "upload"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "is_suspended": self.appeal.suspended_on is not None}

    def act(self, *, upload: list[Any], by: User, on: date, **said: Any) -> None:
        court.follow(self.appeal, files=_of_litigation(self, upload, by), by=by, on=on, **said)


class SuspensionView(OneAppealView):
    """Écran « Inscrire la suspension » ordonnée en référé."""

    template_name = "workflows/court.html"
    form_class = SuspensionForm
    states = (AppealState.BEFORE_COURT,)
    success_message = "La suspension est inscrite : le bailleur et le service en sont avertis."

    def is_allowed(self) -> bool:
        return permissions.can_judge(self.case, self.request.user)

    def require_current(self) -> None:
        super().require_current()
        if self.appeal.suspended_on is not None:
            raise TaskGone

    def get_form_kwargs(self) -> dict[str, Any]:
        may_reexamine = self.case.state in State.suspended_anew()
        return {**super().get_form_kwargs(), "today": self.case.authority.today(), "may_reexamine": may_reexamine}

    def act(self, *, upload: Any, by: User, on: date, **said: Any) -> None:
        [sha256] = _of_litigation(self, [upload], by)
        suspension.suspend(self.appeal, order_sha256=sha256, by=by, on=on, **said)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"title": "Inscrire la suspension", "button": "Inscrire la suspension"}
        return super().get_context_data(**words, lead=suspending.effect(State(self.case.state)), **kwargs)


class SuspensionEndView(OneAppealView):
    """Écran « Inscrire la fin de la suspension », ordonnée avant le jugement."""

    template_name = "workflows/court.html"
    form_class = SuspensionEndForm
    states = (AppealState.BEFORE_COURT,)
    success_message = "La fin de la suspension est inscrite : le bailleur et le service en sont avertis."
    extra_context = {"title": "Inscrire la fin de la suspension", "button": "Inscrire la fin de la suspension"}

    def is_allowed(self) -> bool:
        return permissions.can_judge(self.case, self.request.user)

    def require_current(self) -> None:
        super().require_current()
        if not self.appeal.is_suspending:
            raise TaskGone

    def act(self, *, upload: Any, by: User, on: date, **said: Any) -> None:
        [sha256] = _of_litigation(self, [upload], by)
        suspension.lift(self.appeal, order_sha256=sha256, by=by, on=on, **said)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=suspending.effect_of_lift(self.appeal), **kwargs)


class JudgmentView(OneAppealView):
    """Écran « Inscrire le jugement »."""

    template_name = "workflows/court.html"
    form_class = JudgmentForm
    states = (AppealState.BEFORE_COURT,)
    success_message = "Le jugement est inscrit."
    extra_context = {
        "title": "Inscrire le jugement",
        "button": "Inscrire le jugement",
        "lead": "Une annulation met fin à la décision. Si le tribunal ordonne de réexaminer, le dossier revient en instruction jusqu’au terme qu’il fixe ; la décision annulée reste lisible au dossier.",
    }

    def is_allowed(self) -> bool:
        return permissions.can_judge(self.case, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "today": self.case.authority.today()}

    def act(self, *, upload: Any, by: User, on: date, **said: Any) -> None:
        [sha256] = _of_litigation(self, [upload], by)
        judged = court.judge(self.appeal, judgment_sha256=sha256, by=by, on=on, **said)
        if judged.judgment == Judgment.ANNULLED_REEXAMINE and judged.reexamine_by is not None and judged.suspended_on is None:
            self.success_message = (
                f"La décision est annulée. Le dossier est de nouveau en instruction, jusqu’au {judged.reexamine_by:%d/%m/%Y}."
            )


def _ruling(outcome: str, considerations: str, **ruling: Any) -> NewRuling:
    mode = ConditionMode(ruling.pop("mode")) if ruling.get("mode") else ""
    grounds, works = ruling.get("grounds", []), list(ruling.get("works", []))
    return NewRuling(
        outcome=Outcome(outcome),
        considerations=considerations,
        mode=mode,
        grounds=grounds,
        works=works,
        due_on=ruling.get("due_on"),
    )


def _of_litigation(view: CaseActionView, upload: list[Any] | None, by: User) -> list[str]:
    """Files for the service alone: a party reads those of the court through the court."""
    return [receiving.receive(view.case, each, by=by, purpose=FilePurpose.LITIGATION).sha256 for each in upload or ()]
