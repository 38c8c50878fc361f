"""Screens of a transfer: the new owner finds the permit and declares; the service checks the agreement it received."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import DetailView, FormView

from accounts.models import Organisation
from accounts.requests import SignedInRequest
from documents.backends import StorageFailed
from documents.models import StoredFile
from documents.receiving import FileRefused
from permis import permissions, sheet
from permis.enums import Side
from permis.guards import Refusal
from permis.models import Application, Transfer, TransferAgent
from workflows import transfers
from workflows.actions import transfers as actions
from workflows.actions.intake import AddressNotProved
from workflows.forms.afterlife import CheckAgreementForm, FindPermitForm, PaperTransferForm, TransferAgentForm, TransferForm
from workflows.forms.fields import with_one_more
from workflows.forms.intake import LessorFormSet, known_agent
from workflows.views.base import CaseActionView, on_the_clocks_of
from workflows.views.case import landlord_acts

NOT_FOUND = (
    "Aucune autorisation transférable ne porte ce numéro et ce nom. Vérifiez-les sur l’autorisation qui vous a été remise : "
    "utilisée, caduque ou retirée, elle ne se transfère plus."
)


class FindPermitView(LoginRequiredMixin, FormView):
    """Écran « Transférer une autorisation » : le numéro et le nom, que seul connaît qui tient l’autorisation."""

    request: SignedInRequest
    template_name = "workflows/transfer_find.html"
    form_class = FindPermitForm

    def form_valid(self, form: Form) -> HttpResponse:
        if not ratelimit.consume(self.request, action="find_permit"):
            return ratelimit.respond_429(self.request)
        case = transfers.find(**form.cleaned_data)
        if case is None or not transfers.is_in_force(case, on=case.authority.today()):
            form.add_error(None, NOT_FOUND)
            return self.form_invalid(form)
        if permissions.is_applicant(case, self.request.user) and not self.request.user.organisations:
            form.add_error(None, str(actions.AlreadyHeld()))
            return self.form_invalid(form)
        return redirect(transfers.found_address(case, self.request.user))

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class FileTransferView(LoginRequiredMixin, FormView):
    """Écran « Déclarer un transfert » : la mutation, le nouveau propriétaire, l’accord du titulaire initial."""

    request: SignedInRequest
    template_name = "workflows/transfer_file.html"
    form_class: type[TransferForm] = TransferForm
    is_paper = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        try:
            self.case = transfers.read_found(kwargs["token"], request.user)
        except signing.BadSignature:
            raise Http404 from None
        return on_the_clocks_of(self.case.authority, partial(super().dispatch, request, *args, **kwargs))

    def owners(self) -> Any:
        if self.request.method == "POST":
            return LessorFormSet(self.request.POST, prefix="owners")
        user = self.request.user
        if self.organisation is not None:
            return LessorFormSet(prefix="owners")
        known = {"first_name": user.first_name, "last_name": user.last_name, "email": user.email, "phone": user.phone}
        return LessorFormSet(prefix="owners", initial=[known])

    @cached_property
    def organisation(self) -> Organisation | None:
        """The agency that the person declares for, where they work in one; the service declares for nobody."""
        if self.is_paper:
            return None
        return Organisation.objects.filter(pk__in=self.request.user.organisations).order_by("pk").first()

    def agent(self) -> TransferAgentForm:
        if self.request.method == "POST":
            return TransferAgentForm(self.request.POST, prefix="agent")
        return TransferAgentForm(prefix="agent", initial=known_agent(self.organisation))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, owners, agent = self.get_form(), self.owners(), self.agent()
        if "add" in request.POST:
            more = LessorFormSet(with_one_more(self.request.POST, "owners"), prefix="owners")
            return self.render_to_response(self.get_context_data(form=form, owners=more, agent=agent))
        if not (form.is_valid() & owners.is_valid() & agent.is_valid()):
            return self.again(form, owners, agent)
        if not ratelimit.consume(self.request, action="file_transfer"):
            return ratelimit.respond_429(self.request)
        given = [
            {name: value for name, value in data.items() if name != "DELETE"}
            for data in owners.cleaned_data
            if data and not data.get("DELETE")
        ]
        mandate = dict(agent.cleaned_data)
        taken = mandate if mandate.pop("has_agent") else None
        try:
            transfer = self.declare(owners=given, agent=taken, **form.cleaned_data)
        except (Refusal, AddressNotProved, FileRefused, StorageFailed) as refusal:
            form.add_error(None, str(refusal))
            return self.again(form, owners, agent)
        return self.declared(transfer)

    def declared(self, transfer: Transfer) -> HttpResponse:
        messages.success(self.request, "Votre déclaration est enregistrée.")
        return redirect("transfer", pk=transfer.pk)

    def declare(self, **given: Any) -> Transfer:
        """What is declared engages the person whose address it bears: they must read it."""
        if not self.request.user.has_proved_address:
            raise AddressNotProved
        return actions.file_transfer(self.case, by=self.request.user, on=self.case.authority.today(), **given)

    def again(self, form: Any, owners: Any, agent: TransferAgentForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, owners=owners, agent=agent), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("owners", None)
        kwargs["owners"] = kwargs["owners"] or self.owners()
        kwargs["agent"] = kwargs.get("agent") or self.agent()
        is_own = not self.is_paper and self.organisation is None
        facts = {"case": self.case, "address": sheet.address_line(self.case), "is_paper": self.is_paper, "is_own": is_own}
        return super().get_context_data(**facts, **kwargs)


class PaperTransferView(FileTransferView):
    """Écran « Saisir un transfert » du service, pour une déclaration arrivée sur papier."""

    form_class = PaperTransferForm
    is_paper = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.case = get_object_or_404(Application.objects.visible_to(request.user).with_sheet(), pk=kwargs["pk"])
        if not permissions.can_review(self.case, request.user):
            raise PermissionDenied
        return on_the_clocks_of(self.case.authority, partial(super(FileTransferView, self).dispatch, request, *args, **kwargs))

    def owners(self) -> Any:
        return LessorFormSet(self.request.POST if self.request.method == "POST" else None, prefix="owners")

    def declare(self, **given: Any) -> Transfer:
        return actions.file_transfer(self.case, by=self.request.user, on=self.case.authority.today(), **given)

    def declared(self, transfer: Transfer) -> HttpResponse:
        messages.success(self.request, "La déclaration est enregistrée.")
        return redirect("case", pk=self.case.pk)


class TransferView(LoginRequiredMixin, DetailView):
    """Écran « Ma déclaration de transfert » de qui l’a déposée."""

    request: SignedInRequest
    template_name = "workflows/transfer.html"
    context_object_name = "transfer"

    def get_queryset(self) -> Any:
        mine = Transfer.objects.visible_to(self.request.user) & Transfer.objects.declared_by(self.request.user)
        return mine.select_related("application__authority", "application__dwelling", "application__commune")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.object.application
        return super().get_context_data(
            case=case,
            address=sheet.address_line(case),
            owners=transfers.owners_of(self.object),
            agent=TransferAgent.objects.filter(transfer=self.object).first(),
            is_holder=permissions.is_applicant(case, self.request.user),
            **kwargs,
        )


class WithdrawTransferView(LoginRequiredMixin, FormView):
    """Abandonner une déclaration de transfert."""

    request: SignedInRequest
    http_method_names = ["post"]
    form_class = Form

    def form_valid(self, form: Form) -> HttpResponse:
        mine = Transfer.objects.declared_by(self.request.user).select_related("application__authority")
        transfer = get_object_or_404(mine, pk=self.kwargs["pk"])
        try:
            actions.withdraw_transfer(transfer, by=self.request.user, on=transfer.application.authority.today())
        except Refusal as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, "La déclaration est abandonnée.")
        return redirect("transfer", pk=transfer.pk)


class CheckAgreementView(CaseActionView):
    """Écran « Vérifier l’accord » du service : un constat, non une décision (CCH R.635-3)."""

    template_name = "workflows/check_agreement.html"
    form_class = CheckAgreementForm
    success_message = "C’est enregistré. Les deux parties en sont averties."

    def is_allowed(self) -> bool:
        return permissions.can_check_transfer(self.case, self.request.user)

    @cached_property
    def transfer(self) -> Transfer:
        transfers_here = Transfer.objects.visible_to(self.request.user).filter(application=self.case)
        return get_object_or_404(transfers_here, pk=self.kwargs["transfer"])

    def act(self, *, on: date, **cleaned: Any) -> None:
        actions.check_agreement(self.transfer, on=on, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        transfer = self.transfer
        return super().get_context_data(
            transfer=transfer,
            agent=TransferAgent.objects.filter(transfer=transfer).first(),
            new=transfer.parties.filter(side=Side.NEW).order_by("position"),
            agreement=self.file(transfer.agreement_sha256),
            proof=self.file(transfer.proof_sha256),
            **kwargs,
        )

    def file(self, sha256: str) -> StoredFile | None:
        return self.case.files.filter(sha256=sha256).order_by("pk").last() if sha256 else None


class GivenUpView(LoginRequiredMixin, DetailView):
    """Écran « Autorisation transférée » de qui la tenait : ce qui fut à lui jusqu’au transfert, et rien de ce qui suit."""

    request: SignedInRequest
    template_name = "workflows/given_up.html"
    context_object_name = "transfer"

    def get_object(self, queryset: Any = None) -> Transfer:
        given_up = Transfer.objects.given_up_by(self.request.user).filter(application=self.kwargs["pk"])
        return get_object_or_404(
            given_up.select_related("application__authority", "application__dwelling", "application__commune").order_by(
                "-settled_at"
            )[:1]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case: Application = self.object.application
        return super().get_context_data(
            case=case,
            owners=transfers.owners_of(self.object),
            acts=landlord_acts(case).filter(created_at__lte=self.object.settled_at).order_by("-pk"),
            entries=case.journal.for_landlord().filter(recorded_at__lte=self.object.settled_at).order_by("-position"),
            **kwargs,
        )
