"""The screens of a fine: its draft, its signature, its notification, its title, payments, appeal and withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views import View

from accounts.requests import SignedInRequest
from documents import rendering
from documents.models import Act
from notifications import exports
from permis import rules
from permis.breaches import SanctionState
from permis.guards import Refusal
from permis.models import Sanction
from permis.permissions import can_sign
from permis.rules import Rule
from workflows import sanctioning
from workflows.actions import fines
from workflows.forms.decision import SignForm
from workflows.forms.intake import ReasonForm
from workflows.forms.sanctions import (
    AppealForm,
    ContestForm,
    FineForm,
    FineNoticeForm,
    PaymentForm,
    RecoveryForm,
    TitleForm,
)
from workflows.guards import TaskGone
from workflows.powers import NoSignaturePower
from workflows.views.downloads import download
from workflows.views.sanctions import SanctionActionView


class ProposeFineView(SanctionActionView):
    """Écran « Proposer une amende »."""

    template_name = "workflows/sanction_propose.html"
    form_class = FineForm
    states = tuple(SanctionState.decidable())
    success_message = "Le projet d’amende est transmis à la signature."

    def get_form_kwargs(self) -> dict[str, Any]:
        right_to_err = rules.value(self.sanction.authority, Rule.RIGHT_TO_ERR, on=self.sanction.authority.today())
        return {**super().get_form_kwargs(), "sanction": self.sanction, "right_to_err": bool(right_to_err)}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.sanction, name) for name in ("amount", "reasons", "exception")}

    def act(self, **cleaned: Any) -> None:
        fines.propose_fine(self.sanction, **cleaned)


class SignFineView(SanctionActionView):
    """Écran « Signer l’amende » : l’arrêté affiché est celui qui sera scellé."""

    template_name = "workflows/sanction_sign.html"
    form_class = SignForm
    states = tuple(SanctionState.decidable())
    success_message = "L’amende est signée. Il reste à la notifier."

    def is_allowed(self) -> bool:
        return can_sign(self.sanction, self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.sanction.amount:
            raise TaskGone
        return super().get(request, *args, **kwargs)

    def act(self, *, act: int, by: Any, on: date) -> None:
        fines.fine(self.sanction, act=get_object_or_404(Act, pk=act, sanction=self.sanction), by=by, on=on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            preview = fines.preview(self.sanction, by=self.request.user, on=self.sanction.authority.today())
            obstacle = ""
        except (NoSignaturePower, Refusal) as error:
            preview, obstacle = None, str(error)
        return super().get_context_data(
            preview=preview,
            pages=rendering.page_numbers(preview.content) if preview else (),
            obstacle=obstacle,
            **kwargs,
        )


class NotifyFineView(SanctionActionView):
    """Écran « Notification de l’amende »."""

    form_class = FineNoticeForm
    states = (SanctionState.FINED,)
    success_message = "L’amende est notifiée. Les données du titre de recette sont prêtes dans une minute."
    extra_context = {
        "title": "Notification de l’amende",
        "button": "Inscrire la notification",
        "lead": "L’amende n’est exécutoire qu’une fois notifiée (CRPA L. 221-8). Le délai de recours en part.",
    }

    def act(self, **cleaned: Any) -> None:
        fines.notify(self.sanction, **cleaned)


class TitleView(SanctionActionView):
    """Écran « Titre de recette »."""

    form_class = TitleForm
    states = (SanctionState.FINED,)
    success_message = "Le titre de recette est inscrit."
    extra_context = {
        "title": "Titre de recette émis",
        "button": "Inscrire le titre",
        "lead": "Le produit revient à la collectivité qui a prononcé l’amende (CCH R. 634-5, R. 635-5 ; CGCT R. 2342-4).",
    }

    def act(self, **cleaned: Any) -> None:
        fines.issue_title(self.sanction, **cleaned)


class TitleDataView(LoginRequiredMixin, View):
    """Les données du titre de recette, en CSV."""

    request: SignedInRequest

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        sanction = get_object_or_404(Sanction.objects.visible_to(self.request.user).with_sheet(), pk=pk)
        if sanction.notified_on is None:
            raise Http404
        rows = dict(sanctioning.title_rows(sanction))
        return download(exports.table(tuple(rows), [rows]), f"titre-{slugify(sanction.number)}.csv", exports.CSV)


class PaymentView(SanctionActionView):
    """Écran « Paiement »."""

    form_class = PaymentForm
    states = (SanctionState.TITLE_ISSUED, SanctionState.RECOVERY)
    success_message = "Le paiement est inscrit."
    extra_context = {
        "title": "Paiement reçu",
        "button": "Inscrire le paiement",
        "lead": "Un paiement peut être partiel ; celui qui solde l’amende clôt la procédure.",
    }

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.sanction.due - fines.recovered(self.sanction)}

    def act(self, **cleaned: Any) -> None:
        fines.record_payment(self.sanction, **cleaned)


class RecoveryView(SanctionActionView):
    """Écran « Recouvrement forcé »."""

    form_class = RecoveryForm
    states = (SanctionState.TITLE_ISSUED,)
    success_message = "Le recouvrement forcé est inscrit."
    extra_context = {
        "title": "Recouvrement forcé",
        "button": "Inscrire",
        "lead": "Le comptable public l’engage seul ; inscrivez ici la date qu’il annonce.",
    }

    def act(self, **cleaned: Any) -> None:
        fines.start_recovery(self.sanction, **cleaned)


class ContestView(SanctionActionView):
    """Écran « Recours contre l’amende »."""

    form_class = ContestForm
    states = (SanctionState.FINED, SanctionState.TITLE_ISSUED, SanctionState.RECOVERY, SanctionState.PAID)
    success_message = "Le recours est inscrit."
    extra_context = {
        "title": "Recours contre l’amende ou son titre",
        "button": "Inscrire le recours",
        "lead": "Recours gracieux ou devant le tribunal administratif. Un recours tardif s’inscrit aussi : le juge en décide.",
    }

    def act(self, **cleaned: Any) -> None:
        fines.contest(self.sanction, **cleaned)


class AppealView(SanctionActionView):
    """Écran « Issue du recours »."""

    form_class = AppealForm
    states = (SanctionState.APPEAL,)
    success_message = "L’issue du recours est inscrite."
    extra_context = {
        "title": "Issue du recours",
        "button": "Inscrire l’issue",
        "lead": "Maintenue ou réduite, l’amende reprend là où le recours l’a trouvée. Si la collectivité la retire elle-même, le signataire le fait.",
    }

    def act(self, *, outcome: str, day: date, reduced_to: int | None, reason: str, by: Any, on: date) -> None:
        if outcome == "annulled":
            fines.annul(self.sanction, judged_on=day, reason=reason, by=by, on=on)
            return
        kept = reduced_to if outcome == "reduced" else None
        fines.uphold(self.sanction, settled_on=day, reason=reason, reduced_to=kept, by=by, on=on)


class WithdrawFineView(SanctionActionView):
    """Écran « Retirer l’amende »."""

    form_class = ReasonForm
    states = tuple(SanctionState.ordered())
    success_message = "L’amende est retirée."
    extra_context = {
        "title": "Retirer l’amende",
        "button": "Retirer l’amende",
        "lead": "Une sanction peut toujours être retirée (CRPA L. 243-4). L’acte est signé en votre nom ; les sommes versées sont restituées.",
    }

    def is_allowed(self) -> bool:
        return can_sign(self.sanction, self.request.user)

    def act(self, **cleaned: Any) -> None:
        fines.withdraw(self.sanction, **cleaned)
