"""Screens of the permit in use: the lease declared, the commitment to works, the application that follows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import User
from permis import permissions
from permis.enums import State
from permis.models import Commitment, PrescribedWork
from territories import competence
from workflows.actions import commitments, leases, resubmission
from workflows.forms.afterlife import CommitmentForm, LeaseForm
from workflows.forms.files import WorkProofForm
from workflows.guards import TaskGone
from workflows.views.base import CaseActionView


class OwnOrServiceView(CaseActionView):
    """A screen that the holder and the service share: each goes back to their own page of the case."""

    @property
    def is_own(self) -> bool:
        return permissions.is_applicant(self.case, self.request.user)

    def get_success_url(self) -> str:
        return reverse("application" if self.is_own else "case", args=[self.case.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_own=self.is_own, back=self.get_success_url(), **kwargs)


class DeclareLeaseView(OwnOrServiceView):
    """Écran « Déclarer le bail »."""

    template_name = "workflows/declare_lease.html"
    form_class = LeaseForm
    success_message = "Le bail est enregistré : l’autorisation a servi."

    def is_allowed(self) -> bool:
        return permissions.can_declare_lease(self.case, self.request.user)

    def require_current(self) -> None:
        super().require_current()
        if not leases.left(self.case):
            raise TaskGone

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "count": min(leases.left(self.case), 20), "for_service": not self.is_own}

    def act(self, **cleaned: Any) -> None:
        leases.declare_lease(self.case, **cleaned)


class CommitView(OwnOrServiceView):
    """Écran « S’engager à des travaux »."""

    template_name = "workflows/commit.html"
    form_class = CommitmentForm
    success_message = "Votre engagement est au dossier. Le service le lit avant de décider."

    def is_allowed(self) -> bool:
        return permissions.can_commit(self.case, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        unsaved = Commitment(application=self.case, made_on=self.case.authority.today(), name=self.request.user.full_name)
        return {**super().get_form_kwargs(), "instance": unsaved}

    def act(self, **cleaned: Any) -> None:
        commitments.commit_to_works(self.case, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_open=self.case.state in State.clock_running(), **kwargs)


class ResubmitView(OwnOrServiceView):
    """Écran « Déposer une nouvelle demande » : ce qui est repris, ce qui reste à faire."""

    template_name = "workflows/resubmit.html"
    form_class = Form

    def is_allowed(self) -> bool:
        return permissions.can_resubmit(self.case, self.request.user)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            draft = resubmission.resubmit(self.case, by=self.request.user, on=self.case.authority.today())
        except (resubmission.AlreadyResubmitted, competence.NoAuthority, resubmission.guards.WrongState) as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, "Vos réponses et vos pièces encore valables sont reprises : relisez-les.")
        return redirect("application-step", pk=draft.pk, step="location")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        works = PrescribedWork.objects.filter(decision__application=self.case) if self.case.notified_on else []
        return super().get_context_data(is_possible=self.case.state in State.renewable(), works=works, **kwargs)


class WorkDoneView(OwnOrServiceView):
    """Écran « Montrer que des travaux sont faits » : ceux que la décision précédente demandait."""

    template_name = "workflows/work_done.html"
    form_class = WorkProofForm
    success_message = "C’est joint à la demande."

    def is_allowed(self) -> bool:
        return permissions.can_provide_pieces(self.case, self.request.user)

    @cached_property
    def work(self) -> PrescribedWork:
        found = [each for each in resubmission.works_asked(self.case) if each.pk == self.kwargs["work"]]
        if not found:
            raise Http404
        return found[0]

    def act(self, *, upload: list[Any], by: User, on: date) -> None:
        resubmission.show_work_done(self.case, work=self.work, upload=upload, by=by, on=on)

    def get_success_url(self) -> str:
        if self.case.state == State.DRAFT:
            return reverse("application-step", args=[self.case.pk, "diagnostics"])
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(work=self.work, **kwargs)
