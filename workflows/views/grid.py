"""The grid of an authority: read, completed with items of its own, rid of optional ones, printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspections import grid
from inspections.grid import Item, Section
from territories.models import Authority
from workflows.actions import grid_editions
from workflows.actions.grid_editions import CodeTaken, GridFull, ItemGone
from workflows.forms.grid import ItemForm, SwitchForm
from workflows.views.administration import SettingsFormView

ANSWERS = (CodeTaken, GridFull, ItemGone)


@dataclass(frozen=True)
class Row:
    item: Item
    is_own: bool
    is_off: bool


class GridSettingsView(SettingsFormView):
    """A screen of the grid; saved, or refused by what somebody else did meanwhile, it leads back to the whole grid."""

    success_message = "La grille est enregistrée. Elle vaut pour les visites à venir."

    @property
    def settings_url(self) -> str:
        return f"{reverse('settings-grid')}?collectivite={self.authority.pk}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if form.is_valid():
            try:
                self.save(form)
            except ANSWERS as answer:
                form.add_error(None, str(answer))
            else:
                messages.success(request, self.success_message)
                return redirect(self.settings_url)
        return self.form_invalid(form)


class GridView(GridSettingsView):
    """Écran « Grille de visite » des réglages : tous les points, et ceux que la collectivité ne regarde pas."""

    template_name = "workflows/settings_grid.html"
    form_class = SwitchForm

    def get_form_kwargs(self) -> dict[str, Any]:
        edition = grid.edition_of(self.authority)
        return {**super().get_form_kwargs(), "switched_off": edition.switched_off if edition else []}

    def save(self, form: SwitchForm) -> None:
        grid_editions.switch_items(self.authority, off=form.off, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sections = _rows(grid.of(self.authority).sections)
        rows = [row for _, found in sections for row in found]
        return super().get_context_data(
            edition=self.authority.grid_editions.select_related("made_by").order_by("-number").first(),
            sections=sections,
            looked_at=sum(not row.is_off for row in rows),
            own=sum(row.is_own for row in rows),
            **kwargs,
        )


class AddItemView(GridSettingsView):
    """Écran « Ajouter un point »."""

    template_name = "workflows/settings_grid_item.html"
    form_class = ItemForm
    extra_context = {"title": "Ajouter un point à la grille", "button": "Ajouter ce point"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "authority": self.authority}

    def save(self, form: ItemForm) -> None:
        grid_editions.add_item(self.authority, by=self.request.user, **form.cleaned_data)


class OwnItemView(GridSettingsView):
    """A screen of one item that the authority added, and of no other."""

    def choose(self, administered: QuerySet[Authority]) -> Authority:
        authority = super().choose(administered)
        edition = grid.edition_of(authority)
        added = {each["code"]: each for each in (edition.added if edition else [])}
        if self.kwargs["code"] not in added:
            raise Http404
        self.item = added[self.kwargs["code"]]
        return authority


class ItemView(OwnItemView):
    """Écran « Modifier un point »."""

    template_name = "workflows/settings_grid_item.html"
    form_class = ItemForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "authority": self.authority, "is_new": False, "initial": self.item}

    def save(self, form: Any) -> None:
        grid_editions.change_item(self.authority, code=self.item["code"], by=self.request.user, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"Modifier le point {self.item['code']}"
        return super().get_context_data(item=self.item, title=title, button="Enregistrer", **kwargs)


class WithdrawItemView(OwnItemView):
    """Retirer un point ajouté."""

    http_method_names = ["post"]
    form_class = Form
    success_message = "Le point est retiré des visites à venir. Celles déjà faites le gardent."

    def save(self, form: Any) -> None:
        grid_editions.withdraw_item(self.authority, code=self.item["code"], by=self.request.user)

    def form_invalid(self, form: Any) -> HttpResponse:
        for error in form.non_field_errors():
            messages.error(self.request, error)
        return redirect(self.settings_url)


def _rows(sections: Sequence[Section]) -> list[tuple[Section, list[Row]]]:
    """The national grid in its order, what is switched off too, then the own items of each section."""
    found = []
    for used, national in zip(sections, grid.national().sections, strict=True):
        kept = {item.code for item in used.items}
        known = {item.code for item in national.items}
        rows = [Row(item, is_own=False, is_off=item.code not in kept) for item in national.items]
        rows += [Row(item, is_own=True, is_off=False) for item in used.items if item.code not in known]
        found.append((national, rows))
    return found
