"""The page of a case: for the service, next action first; for the landlord, what is asked and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views import View
from django.views.generic import DetailView

from accounts.enums import Role
from accounts.models import User
from accounts.requests import SignedInRequest
from documents import figures, rendering, storage
from documents.enums import ActKind
from documents.models import Act
from inspections.enums import Severity, VisitState
from inspections.models import Report, Visit
from permis import attached, correction, journal, permissions, sheet
from permis.correction import Correctable
from permis.enums import State
from permis.models import Application, Decision, Transfer
from permis.permissions import can_inspect, can_manage, can_review
from workflows import conditions, dossier, next_actions, notices, panels, picture, saved_views
from workflows.actions import afterlife, completeness, corrections
from workflows.effects import Effect
from workflows.forms.case import AssignForm, ConfirmationForm, CorrectionForm, NoteForm, PoliceOrderForm
from workflows.presentation import ClockChip, Ruler
from workflows.views.base import CaseActionView, on_the_clocks_of


class CasePage(LoginRequiredMixin, DetailView):
    """All that is known of one case, by the hours of its authority's own clocks."""

    request: SignedInRequest
    context_object_name = "case"

    def render_to_response(self, context: dict[str, Any], **response: Any) -> HttpResponseBase:  # type: ignore[override]
        return on_the_clocks_of(self.object.authority, partial(super().render_to_response, context, **response))


class CaseView(CasePage):
    """Écran « Dossier » du service."""

    template_name = "workflows/case.html"

    def get_queryset(self) -> QuerySet[Application]:
        user = self.request.user
        return (
            Application.objects.visible_to(user)
            .of_authorities(user.authorities_as(*Role.reading_cases()))
            .with_sheet()
            .prefetch_related("lessors", "work_items")
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Somebody from outside, who reads no case, is led back to the visits that are theirs."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            if Visit.objects.filter(application=kwargs["pk"], inspector=self.request.user).visible_to(self.request.user).exists():
                return redirect("visit-day")
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case: Application = self.object
        user: User = self.request.user
        # Before anything is read: what somebody changes meanwhile is new to this person.
        saved_views.opened(case, by=user)
        attached.ask(case)
        today = case.authority.today()
        seen = attached.of(case.visits).select_related("inspector").prefetch_related("reports", "findings", "works")
        visits = list(seen.order_by("starts_at"))
        acts = list(attached.of(case.acts).issued().order_by("-pk"))
        entries = list(case.journal.select_related("author").order_by("-position"))
        return super().get_context_data(
            today=today,
            chip=ClockChip.of(case, today=today),
            ruler=Ruler.of(case, visits=visits, today=today),
            next_action=next_actions.of(case, user, visits=visits, today=today),
            other_actions=next_actions.others(case, user),
            steps=picture.steps(case, {entry.event: entry.on for entry in reversed(entries)}),
            checklist=dossier.checklist(case, on=today),
            visits=visits,
            contacts=list(attached.of(case.contact_attempts).select_related("by").order_by("-on", "-pk")),
            panels=panels.of(case, user, today=today),
            can_inspect=can_inspect(case, user),
            sections=sheet.sections(case),
            lessors=sheet.lessors_of(case),
            decision=getattr(case, "decision", None) if attached.has(case, "decision") else None,
            conditions=conditions.of(case),
            acts=_named(acts, [report for visit in visits for report in visit.reports.all()]),
            danger=[each for visit in visits for each in visit.findings.all() if each.severity == Severity.DANGER],
            police_notes=[act for act in acts if act.kind == ActKind.POLICE_NOTE],
            entries=entries,
            notes=attached.of(case.notes).select_related("author").order_by("-written_at"),
            note_form=NoteForm(),
            can_review=can_review(case, user),
            can_manage=can_manage(case, user),
            police_order=journal.police_order_reference(case),
            **kwargs,
        )


class ProcedureView(CaseView):
    """Écran « Schéma de la procédure »."""

    template_name = "workflows/procedure.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return DetailView.get_context_data(self, picture=picture.draw(self.object), **kwargs)


class ApplicationView(CasePage):
    """Écran « Ma demande » du bailleur : jamais de décision avant sa notification."""

    template_name = "workflows/application.html"

    def get_queryset(self) -> QuerySet[Application]:
        return Application.objects.of_applicant(self.request.user).with_sheet()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who gave the permit up is led to what remains theirs to read."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            if Transfer.objects.given_up_by(self.request.user).filter(application=kwargs["pk"]).exists():
                return redirect("application-given-up", pk=kwargs["pk"])
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case: Application = self.object
        attached.ask(case)
        today = case.authority.today()
        versions = Report.objects.filter(visit__application=case).select_related("visit", "act")
        versions = versions.order_by("visit__starts_at", "visit_id", "number")
        checklist = dossier.checklist(case, on=today)
        ended = (State.USED, State.REVOKED, State.REPEALED, State.LAPSED)
        is_notified = case.state in (*State.notified(), *ended) and case.notified_on is not None
        return super().get_context_data(
            today=today,
            chip=ClockChip.of(case, today=today, for_landlord=True),
            todo=next_actions.for_landlord(case, [line.label for line in checklist if line.required and not line.pieces]),
            appointment=attached.of(case.visits)
            .filter(state=VisitState.PLANNED)
            .select_related("inspector")
            .order_by("starts_at")
            .first(),
            checklist=checklist,
            acts=_named(landlord_acts(case).order_by("-pk"), versions),
            reports=list({report.visit_id: report for report in versions}.values())[::-1],
            entries=case.journal.for_landlord().order_by("-position"),
            decision=Decision.objects.filter(application=case).first() if is_notified else None,
            conditions=conditions.of(case) if is_notified else [],
            panels=panels.for_landlord(case, self.request.user, today=today),
            is_awaited=case.state in State.open(),
            can_prove=case.follows_works,
            authorising=State.authorising(),
            can_withdraw=case.state in State.open(),
            # Once a decision waits to be read, nothing more is looked at before it.
            can_add_pieces=case.state in State.open() and not notices.waits(case),
            **kwargs,
        )


class ActView(LoginRequiredMixin, View):
    """Télécharger un acte : le bailleur ne voit une décision qu’une fois notifiée."""

    request: SignedInRequest

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        act = self.act(pk)
        return _pdf(storage.open_stored(act), f"{slugify(act.get_kind_display())}-{slugify(str(act.owner))}.pdf")

    def act(self, pk: int) -> Act:
        """The act, for who may read it, once it is rendered; 404 otherwise."""
        acts = Act.objects.visible_to(self.request.user).select_related("application__authority", "sanction__authority")
        act = get_object_or_404(acts, pk=pk)
        if not _may_read(act, self.request.user) or not (act.sha256 or act.preview_sha256):
            raise Http404
        return act


class ActPageView(ActView):
    """Une page d’un acte, en image, pour la lire à l’écran avant de la signer."""

    def get(self, request: HttpRequest, pk: int, page: int) -> HttpResponse:  # type: ignore[override]  # its address has a page
        act = self.act(pk)
        pages = rendering.pages(act.content, pictures=figures.of(act.content)) if act.content else []
        if not 1 <= page <= len(pages):
            raise Http404
        return HttpResponse(pages[page - 1], content_type="image/png")


class NoteView(CaseActionView):
    """Écrire une note interne."""

    form_class = NoteForm
    template_name = "workflows/note.html"

    def is_allowed(self) -> bool:
        return can_inspect(self.case, self.request.user)

    def act(self, *, by: User, on: date, text: str) -> None:
        completeness.write_note(self.case, text=text, by=by)


class AssignView(CaseActionView):
    """Écran « Attribuer le dossier »."""

    form_class = AssignForm
    template_name = "workflows/simple_action.html"
    extra_context = {"title": "Attribuer le dossier", "button": "Attribuer"}
    success_message = "Le dossier est attribué."

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "authority": self.case.authority, "initial": {"officer": self.case.officer_id}}

    def act(self, **cleaned: Any) -> None:
        completeness.assign(self.case, **cleaned)


class PoliceOrderView(CaseActionView):
    """Écran « Arrêté de police »."""

    form_class = PoliceOrderForm
    template_name = "workflows/simple_action.html"
    extra_context = {
        "title": "Un arrêté de police frappe-t-il l’immeuble ?",
        "button": "Enregistrer",
        "lead": "Quand un arrêté de mise en sécurité ou d’insalubrité est en vigueur, l’autorisation ne peut pas être accordée (CCH L. 635-9).",
    }

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {"in_force": self.case.police_order}

    def act(self, **cleaned: Any) -> None:
        completeness.settle_police_order(self.case, **cleaned)


class CorrectionView(CaseActionView):
    """Écran « Corriger une date » : ce que la date ferait est montré, puis confirmé."""

    form_class = CorrectionForm
    template_name = "workflows/correction.html"
    success_message = "La date est corrigée, les autres sont recalculées."

    def is_allowed(self) -> bool:
        return can_manage(self.case, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        dates = {name: getattr(self.case, name) for name in Correctable.values}
        return {**super().get_form_kwargs(), "known": {name: f"{day:%d/%m/%Y}" for name, day in dates.items() if day}}

    def form_valid(self, form: Form) -> HttpResponse:
        """Saved only by who has read the effect of these very values; a grave one is ticked besides."""
        try:
            effect = self.effect(**form.cleaned_data)
        except correction.ContradictoryDate as contradiction:
            form.add_error(None, str(contradiction))
            return self.form_invalid(form)
        confirmation = ConfirmationForm(self.request.POST, effect=effect)
        has_seen = self.request.POST.get("seen") == effect.seal
        if has_seen and confirmation.is_valid():
            return super().form_valid(form)
        shown = confirmation if has_seen else ConfirmationForm(effect=effect)
        context = self.get_context_data(form=form, effect=effect, confirmation=shown)
        return self.render_to_response(context, status=422 if has_seen else 200)

    def effect(self, *, which: str, to: date, **_: Any) -> Effect:
        today = self.case.authority.today()
        settled = correction.settle(self.case, Correctable(which), to, today=today)
        return Effect.of_correction(self.case, settled, today=today)

    def act(self, *, which: str, **cleaned: Any) -> None:
        corrections.correct_date(self.case, which=Correctable(which), **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(already_sent=corrections.already_sent(self.case), **kwargs)


class AttestationView(CaseActionView):
    """Demander l’attestation d’une autorisation tacite (CRPA L.232-3)."""

    http_method_names = ["post"]
    success_message = "L’attestation sera prête dans une minute : vous la trouverez parmi les documents."

    def is_allowed(self) -> bool:
        return permissions.can_provide_pieces(self.case, self.request.user)

    form_class = Form

    def act(self, **cleaned: Any) -> None:
        afterlife.attest(self.case, **cleaned)

    def get_success_url(self) -> str:
        is_own = permissions.is_applicant(self.case, self.request.user)
        return reverse("application" if is_own else "case", args=[self.case.pk])


def _named(acts: Iterable[Act], reports: Iterable[Report]) -> list[Act]:
    """The acts, those that are a version of a report with its number."""
    numbers = {report.act_id: report.number for report in reports}
    named = list(acts)
    for act in named:
        act.version = numbers.get(act.pk)  # type: ignore[attr-defined]  # for the page alone
    return named


def landlord_acts(case: Application) -> Any:
    """The acts a landlord may read: a decision only once it is notified, never what is written to somebody else."""
    acts = case.acts.issued().exclude(kind__in=[*ActKind.internal(), *ActKind.to_others()])
    if case.notified_on:
        return acts
    # A decision that was notified stays theirs once a judge has annulled it; the one that comes next is not theirs yet.
    former = case.former_decisions.filter(notified_on__isnull=False)
    return acts.exclude(Q(kind__in=ActKind.decisions()) & ~Q(sha256__in=former.values("act_sha256")))


def _may_read(act: Act, user: User) -> bool:
    if act.sanction is not None:
        return permissions.can_read_sanction(act.sanction, user) or act.sanction.acts.told().filter(pk=act.pk).exists()
    if permissions.can_read(act.case, user):
        return True
    if permissions.is_applicant(act.case, user) or Act.objects.left_to(user).filter(pk=act.pk).exists():
        return landlord_acts(act.case).filter(pk=act.pk).exists()
    # Whoever else sees the case visits it for an operator.
    return act.kind in (ActKind.VISIT_REPORT, ActKind.CONVOCATION)


def _pdf(stored: Any, name: str) -> HttpResponseBase:
    response = FileResponse(stored, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
