"""The screens that open a sanction: from scratch, or from the case that it is about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.enums import Role
from documents.backends import StorageFailed
from documents.receiving import FileRefused
from permis.breaches import Breach
from permis.enums import State
from permis.models import Application, Sanction
from permis.permissions import can_judge
from territories.models import Zone
from workflows.actions import sanctions
from workflows.forms.sanctions import FindingForm
from workflows.views.base import ANSWERS
from workflows.views.screens import FormScreen, RoleScreen


class OpenView(RoleScreen, FormScreen):
    """Écran « Ouvrir une procédure de sanction », sans dossier."""

    roles = (Role.LEGAL,)
    template_name = "workflows/sanction_open.html"
    form_class = FindingForm
    case: Application | None = None

    def zones(self) -> QuerySet[Zone]:
        zones = Zone.objects.filter(authority__in=self.held)
        return zones.select_related("commune").order_by("commune__sort_key", "name", "pk")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "zones": self.zones(), "case": self.case}

    def get_initial(self) -> dict[str, Any]:
        return {"found_by_name": self.request.user.full_name}

    def form_valid(self, form: FindingForm) -> HttpResponse:
        facts = dict(form.cleaned_data)
        evidence, zone = facts.pop("evidence"), facts["zone"]
        authority = zone.authority
        try:
            sanction = sanctions.open_sanction(
                authority, commune=zone.commune, application=self.case, by=self.request.user, on=authority.today(), **facts
            )
        except ANSWERS as answer:
            form.add_error(None, str(answer))
            return self.form_invalid(form)
        messages.success(self.request, f"Le constat est établi : procédure {sanction.number}.")
        self._join(sanction, evidence)
        return redirect(sanction.get_absolute_url())

    def _join(self, sanction: Sanction, evidence: Any) -> None:
        """The finding stands even when its file could not be stored: it is said, and may be joined again."""
        if not evidence:
            return
        try:
            sanctions.add_evidence(sanction, upload=evidence, by=self.request.user, on=sanction.authority.today())
        except (FileRefused, StorageFailed) as obstacle:
            messages.error(self.request, f"{obstacle} Joignez-le depuis la procédure.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(case=self.case, **kwargs)


class OpenFromCaseView(OpenView):
    """Écran « Ouvrir une procédure de sanction », d’un dossier : le logement et la personne en sont repris."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            cases = Application.objects.visible_to(request.user).exclude(state=State.DRAFT).with_sheet()
            self.case = get_object_or_404(cases, pk=kwargs["pk"])

    def is_allowed(self) -> bool:
        return self.case is not None and can_judge(self.case, self.request.user)

    def zones(self) -> QuerySet[Zone]:
        assert self.case is not None
        return super().zones().filter(authority=self.case.authority, commune=self.case.commune)

    def get_initial(self) -> dict[str, Any]:
        assert self.case is not None
        case, lessor = self.case, self.case.lessors.order_by("position").first()
        found = super().get_initial() | {
            "address": case.dwelling.street_line,
            "postcode": case.dwelling.postcode,
            "zone": case.zone_id,
            "breach": Breach.DESPITE_REFUSAL if case.state == State.REFUSED else Breach.NO_REQUEST,
            "let_on": case.lease_signed_on,
            "blames_applicant": True,
        }
        if lessor is None:
            return found
        return found | {
            "person_kind": lessor.kind,
            "person_name": lessor.name,
            "person_siret": lessor.siret,
            "person_address": lessor.address,
            "person_postcode": lessor.postcode,
            "person_city": lessor.city,
            "person_email": lessor.email,
        }
