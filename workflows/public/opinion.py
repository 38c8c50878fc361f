"""The page where an adviser gives an opinion, by the signed link of the message: reading it changes nothing."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from documents import receiving
from documents.backends import StorageFailed
from documents.enums import FilePurpose
from documents.receiving import FileRefused
from permis import sheet
from permis.enums import OpinionOutcome
from permis.guards import Refusal
from permis.models import Application, Opinion
from workflows import opinions
from workflows.actions import opinions as actions
from workflows.forms.opinions import GiveOpinionForm
from workflows.public.linked import LinkedView


class OpinionView(LinkedView):
    """Écran « Votre avis », sans compte : le logement, la question, et rien d’autre du dossier."""

    opinion: Opinion

    def find(self, token: str) -> Application:
        self.opinion = opinions.read(token)
        return self.opinion.application

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = GiveOpinionForm(request.POST, request.FILES)
        if not ratelimit.consume(request, action="opinion"):
            form.add_error(None, "Trop d’envois en une heure. Réessayez un peu plus tard : rien n’est perdu.")
            return self.page(form=form, status=429)
        if not form.is_valid():
            return self.page(form=form, status=422)
        application = self.opinion.application
        if not opinions.is_open(self.opinion):
            return self.page(status=409)
        try:
            files = [
                receiving.receive(application, each, by=None, purpose=FilePurpose.OPINION)
                for each in form.cleaned_data.pop("upload")
            ]
            today = application.authority.today()
            given = {**form.cleaned_data, "outcome": OpinionOutcome(form.cleaned_data["outcome"])}
            self.opinion = actions.give(self.opinion, **given, answered_on=today, files=files, by=None, on=today)
        except (Refusal, FileRefused, StorageFailed) as refusal:
            form.add_error(None, str(refusal))
            return self.page(form=form, status=422)
        return self.page(done=True)

    def page(self, *, form: GiveOpinionForm | None = None, done: bool = False, status: int = 200) -> HttpResponse:
        application = self.opinion.application
        context = {
            "opinion": self.opinion,
            "authority": application.authority,
            "address": sheet.address_line(application),
            "dwelling": application.dwelling,
            "is_open": opinions.is_open(self.opinion),
            "form": form or GiveOpinionForm(),
            "done": done,
        }
        return render(self.request, "workflows/opinion.html", context, status=status)
