"""The worklist, and what a person does on it: keep a view, choose columns, give cases to somebody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.enums import Role
from accounts.requests import SignedInRequest
from inspections.enums import Severity
from permis import search
from permis.models import Application
from permis.words import Question
from territories.text import row_keys
from workflows import saved_views
from workflows.actions import assigning
from workflows.forms.staffing import AssignManyForm, ViewForm
from workflows.models import SavedView
from workflows.views.screens import RoleScreen
from workflows.worklists import choices, columns, rows, sorting, tabs
from workflows.worklists.filters import REGIMES, STATES, Filters


class ListScreen(RoleScreen):
    """A screen of who reads the cases of an authority."""

    roles = tuple(Role.reading_cases())

    def asked(self, query: QueryDict) -> Filters:
        return Filters.of(query, default_tab=tabs.default_for(self.request.user))

    def back(self) -> str:
        """The list from which a button was pressed; its address is read and written again, never followed as it came."""
        return reverse("worklist") + self.asked(QueryDict(self.request.POST.get("retour", "")[:1000])).url()


class WorklistView(ListScreen, TemplateView):
    """Écran « Dossiers » : ce qu’il y a à faire, par échéance légale."""

    template_name = "workflows/worklist.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        assert user.home_authority is not None, "a person with a role has an authority"
        today = user.home_authority.today()
        filters = self.asked(self.request.GET)
        offered = choices.of(user, query=filters.query)
        counted = tabs.count(user, filters, today=today)
        turned = {name: self.request.GET.get(key, "")[:200] for name, key in (("after", "apres"), ("before", "avant"))}
        shown = columns.shown(filters.columns, offered.columns)
        page = rows.page(user, filters, today=today, **turned)
        chosen = filters.chosen(communes=offered.communes, zones=offered.zones, people=offered.people)
        found = self._found(filters) if filters.text else []
        reviews = bool(user.authorities_as(Role.OFFICER, Role.MANAGER))
        return super().get_context_data(
            today=today,
            filters=filters,
            tabs=counted,
            page=page,
            offered=offered,
            chosen=chosen,
            headings=[Heading.of(column, filters) for column in shown],
            shown={column.key for column in shown},
            has_rare=any(column.key not in columns.USUAL for column in shown),
            all_columns=columns.ALL,
            fixed_column=columns.FIXED,
            sorts=sorting.LABELS,
            states={state.value: state.label for state in STATES},
            regimes=REGIMES,
            severities=dict(Severity.choices),
            kind=tabs.BY_KEY[filters.tab],
            nearest=None if page.rows or chosen else tabs.nearest(user, today=today),
            found=found[: rows.PAGE],
            has_more_found=len(found) > rows.PAGE,
            has_changes=any(row.is_changed for row in page.rows),
            # A page a person opens fifty times a day carries what is rarely set only when asked.
            is_unfolded=filters.has_more or self.request.GET.get("plus") == "1",
            unfold_url=filters.turned(plus="1"),
            default_sort=sorting.DEFAULT,
            can_enter=reviews,
            can_assign=reviews,
            can_share=bool(user.authorities_as(Role.MANAGER)),
            **kwargs,
        )

    def _found(self, filters: Filters) -> list[Application]:
        """Cases that the words of the search name, closed ones too; the most recent first."""
        found = search.find(Question.of(filters.text), self.request.user, limit=rows.PAGE + 1)
        cases = Application.objects.visible_to(self.request.user).filter(pk__in=found.keys)
        return list(cases.with_sheet().order_by("-pk"))


class Heading:
    """A title of the table: the order that it asks for, and the one that the list has already."""

    def __init__(self, column: columns.Column, *, url: str, direction: str) -> None:
        self.key, self.label, self.url, self.direction = column.key, column.label, url, direction

    @classmethod
    def of(cls, column: columns.Column, filters: Filters) -> Heading:
        current = filters.sort.removeprefix("-") == column.sort and bool(column.sort)
        direction = ("descending" if filters.sort.startswith("-") else "ascending") if current else ""
        asked = f"-{column.sort}" if direction == "ascending" else column.sort
        return cls(column, url=filters.url(sort=asked) if column.sort else "", direction=direction)


class ColumnsView(ListScreen):
    """Garder ses colonnes, pour toutes les listes dont l’adresse n’en nomme aucune."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest) -> HttpResponse:
        saved_views.keep_columns(request.user, columns.known(request.POST.getlist("colonnes")) or columns.USUAL)
        asked = QueryDict(request.POST.get("retour", "")[:1000], mutable=True)
        asked.pop("colonnes", None)
        return redirect(reverse("worklist") + self.asked(asked).url())


class SaveView(ListScreen):
    """Enregistrer la liste telle qu’elle est, sous un nom."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ViewForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
            return redirect(self.back())
        filters = self.asked(QueryDict(request.POST.get("retour", "")[:1000]))
        try:
            view = saved_views.keep(request.user, filters, **form.cleaned_data)
        except saved_views.NotKept as obstacle:
            messages.error(request, str(obstacle))
            return redirect(self.back())
        messages.success(
            request, f"La vue « {view.name} » est enregistrée{', pour tout le service' if view.authority_id else ''}."
        )
        return redirect(f"{reverse('worklist')}?{view.query}")


class SavedViewsView(ListScreen, TemplateView):
    """Écran « Vues enregistrées »."""

    template_name = "workflows/saved_views.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        views = list(SavedView.objects.visible_to(user).select_related("authority", "owner").order_by("authority", "name"))
        kept = set(SavedView.objects.kept_by(user).values_list("pk", flat=True))
        return super().get_context_data(views=[(view, view.pk in kept) for view in views], **kwargs)


class OneView(ListScreen):
    """A saved view that the person may change."""

    http_method_names = ["post"]

    def view(self, pk: int) -> SavedView:
        """404 out of sight, 403 where only a manager may."""
        view = get_object_or_404(SavedView.objects.visible_to(self.request.user), pk=pk)
        if not SavedView.objects.kept_by(self.request.user).filter(pk=view.pk).exists():
            raise PermissionDenied
        return view


class RenameView(OneView):
    """Renommer une vue."""

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        view, form = self.view(pk), ViewForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Donnez un nom à cette vue, en soixante caractères au plus.")
            return redirect("saved-views")
        try:
            saved_views.rename(view, name=form.cleaned_data["name"])
        except saved_views.NotKept as obstacle:
            messages.error(request, str(obstacle))
        else:
            messages.success(request, "La vue est renommée.")
        return redirect("saved-views")


class RemoveView(OneView):
    """Supprimer une vue ; les dossiers qu’elle montrait ne changent pas."""

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        self.view(pk).delete()
        messages.success(request, "La vue est supprimée.")
        return redirect("saved-views")


class AssignManyView(ListScreen):
    """Attribuer les dossiers cochés, chacun pour lui-même, et dire ce qu’il en est de chacun."""

    http_method_names = ["post"]
    roles = (Role.OFFICER, Role.MANAGER)

    def post(self, request: SignedInRequest) -> HttpResponse:
        ticked = row_keys(request.POST.getlist("dossier"))
        form = AssignManyForm(request.POST, authorities=request.user.authorities_as(*self.roles))
        if not ticked:
            messages.error(request, "Cochez au moins un dossier à attribuer.")
            return redirect(self.back())
        if not form.is_valid():
            messages.error(request, str(form.errors["officer"][0]))
            return redirect(self.back())
        officer = form.cleaned_data["officer"]
        results = assigning.assign_all(ticked, officer=officer, by=request.user)
        given = [result for result in results if not result.obstacle]
        left = [result for result in results if result.obstacle]
        context = {"officer": officer, "given": given, "left": left, "back": self.back()}
        return render(request, "workflows/assigned.html", context, status=200 if given else 422)
