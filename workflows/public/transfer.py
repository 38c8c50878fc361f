"""The agreement of the initial holder to a transfer, by the signed link of the message."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from permis import sheet
from permis.enums import TransferState
from permis.guards import Refusal
from permis.models import Application
from workflows import transfers
from workflows.actions import transfers as actions
from workflows.forms.afterlife import AgreementForm
from workflows.public.linked import LinkedView


class AgreementView(LinkedView):
    """Écran « Votre accord », sans compte : lire ne change rien, seul un envoi change quelque chose."""

    def find(self, token: str) -> Application:
        self.transfer = transfers.read_agreement(token)
        return self.transfer.application

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(AgreementForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AgreementForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        today = self.transfer.application.authority.today()
        try:
            self.transfer = actions.answer_transfer(self.transfer, on=today, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=422)
        return self.page(form, done=True)

    def page(self, form: AgreementForm, *, done: bool = False, status: int = 200) -> HttpResponse:
        application = self.transfer.application
        context = {
            "transfer": self.transfer,
            "application": application,
            "authority": application.authority,
            "address": sheet.address_line(application),
            "owners": transfers.owners_of(self.transfer),
            "is_awaited": self.transfer.state == TransferState.AWAITING_AGREEMENT and application.is_in_force,
            "form": form,
            "done": done,
        }
        return render(self.request, "workflows/agreement.html", context, status=status)
