"""The follow-up sheet of the action in the Convention Territoriale Globale: indicators that are counted, words that are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.enums import Role
from documents import rendering
from documents.wording import slips
from notifications import exports
from workflows import drafting
from workflows.models import ActionSheet
from workflows.statistics import follow_up
from workflows.views.annual import FIRST_YEAR, years_until
from workflows.views.dashboard import FiguresView
from workflows.views.downloads import download


class SheetForm(forms.ModelForm):
    class Meta:
        model = ActionSheet
        fields = ["axis", "action", "pilot", "partners", "objectives", "assessment", "outlook"]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("objectives", "assessment", "outlook")}


class FollowUpView(FiguresView):
    """Écran « Fiche de suivi » : le responsable écrit, un élu lit."""

    template_name = "workflows/follow_up.html"

    def prepare(self) -> None:
        self.authority = self.chosen_authority()
        self.today, self.year = self.authority.today(), self.kwargs["year"]
        if not FIRST_YEAR <= self.year <= self.today.year:
            raise Http404
        self.may_write = self.authority.pk in self.request.user.authorities_as(Role.MANAGER)
        found = ActionSheet.objects.filter(authority=self.authority, year=self.year).select_related("changed_by").first()
        self.sheet = found or self._carried()

    def _carried(self) -> ActionSheet:
        """What was written the year before, but for its assessment."""
        last = ActionSheet.objects.filter(authority=self.authority, year__lt=self.year).order_by("year").last()
        sheet = ActionSheet(authority=self.authority, year=self.year)
        for name in ("axis", "action", "pilot", "partners", "objectives") if last else ():
            setattr(sheet, name, getattr(last, name))
        return sheet

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_write:
            raise PermissionDenied
        form = SheetForm(request.POST, instance=self.sheet)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, **kwargs), status=422)
        # Two people who write the first one of a year at once write the same sheet.
        ActionSheet.objects.update_or_create(
            authority=self.authority, year=self.year, defaults={**form.cleaned_data, "changed_by": self.request.user}
        )
        messages.success(request, "La fiche est enregistrée.")
        return redirect(f"{reverse('follow-up', args=[self.year])}?collectivite={self.authority.pk}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or SheetForm(instance=self.sheet)
        return super().get_context_data(
            form=form,
            sheet=self.sheet,
            authority=self.authority,
            authorities=self.authorities,
            before=self.year - 1,
            years=years_until(self.today),
            today=self.today,
            may_write=self.may_write,
            texts=[(form.fields[name].label, getattr(self.sheet, name)) for name in form.fields],
            indicators=follow_up.indicators(self.authority, year=self.year, today=self.today),
            **kwargs,
        )


class FollowUpFileView(FollowUpView):
    """La fiche en PDF."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        sheet = self.sheet
        counted = follow_up.indicators(self.authority, year=self.year, today=self.today)
        content = slips.follow_up(
            drafting.issuer_of(self.authority),
            year=self.year,
            told=[("Axe", sheet.axis), ("Action", sheet.action), ("Pilote", sheet.pilot), ("Partenaires", sheet.partners)],
            indicators=[(each.name, each.before, each.now) for each in counted],
            texts=[("Objectifs", sheet.objectives), ("Bilan", sheet.assessment), ("Perspectives", sheet.outlook)],
            on=self.today,
        )
        return download(rendering.render(content.as_data()), f"fiche-de-suivi-{self.year}.pdf", exports.PDF)
