"""Police orders: the register of an authority, one order, its lifting, a file to import, and what is said of a match."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, ListView

from accounts.enums import Role
from permis import guards, order_register
from permis.enums import MatchState
from permis.models import OrderImport, OrderMatch, PoliceOrder
from permis.permissions import can_review
from territories import competence
from territories.enums import Regime
from territories.models import Authority, Commune
from territories.text import fold
from workflows.actions import orders
from workflows.forms.administration import communes_of
from workflows.forms.orders import LiftingForm, MatchForm, OrderForm, RegisterForm
from workflows.views.base import CaseActionView, on_the_clocks_of
from workflows.views.screens import FormScreen, RoleScreen

RECORD = (Role.OFFICER, Role.MANAGER)


class OrderScreen(RoleScreen):
    """Screens of the people whose role here is one of ``roles``, on the clocks of the first of their authorities."""

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.kept = self.served
        return on_the_clocks_of(self.kept[0], partial(super().respond, request, *args, **kwargs))

    def communes(self) -> QuerySet[Commune]:
        """Every commune where one of these authorities may keep orders."""
        keys = {pk for authority in self.kept for pk in communes_of(authority).values_list("pk", flat=True)}
        return Commune.objects.filter(pk__in=keys).order_by("sort_key")

    def home(self, commune: Commune) -> Authority:
        """Who decides in this commune, where it is one of the person's authorities; else the first of them."""
        try:
            decides = competence.authority_for(commune, Regime.APML, self.kept[0].today())
        except competence.NoAuthority:
            return self.kept[0]
        return decides if decides in self.kept else self.kept[0]


class OrderListView(OrderScreen, ListView):
    """Écran « Arrêtés de police » : ceux que connaît le service, les plus récents d’abord."""

    roles = tuple(Role.reading_cases())
    template_name = "workflows/order_list.html"
    context_object_name = "orders"
    paginate_by = 25

    def get_queryset(self) -> QuerySet[PoliceOrder]:
        found = PoliceOrder.objects.visible_to(self.request.user).select_related("commune")
        if not self.request.GET.get("leves"):
            found = found.in_force()
        for word in fold(self.request.GET.get("q", "")).split():
            found = found.filter(Q(number__icontains=word) | Q(address_key__contains=word) | Q(commune__sort_key__contains=word))
        waiting = Count("matches", filter=Q(matches__state=MatchState.CANDIDATE))
        struck = Count("matches", filter=Q(matches__state=MatchState.CONFIRMED))
        return found.annotate(waiting=waiting, struck=struck).order_by("-dated_on", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            text=self.request.GET.get("q", ""),
            with_lifted=bool(self.request.GET.get("leves")),
            can_record=bool(user.authorities_as(*RECORD)),
            can_import=bool(user.authorities_as(Role.MANAGER)),
            **kwargs,
        )


class OrderFormScreen(OrderScreen, FormScreen):
    """A form about orders, whose refusals are said above it."""

    roles = RECORD
    template_name = "workflows/order_form.html"
    success_message = "L’arrêté est enregistré."

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            order = self.save(form)
        except guards.Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect("order", order.pk)

    def save(self, form: Any) -> PoliceOrder:
        raise NotImplementedError


class RecordOrderView(OrderFormScreen):
    """Écran « Enregistrer un arrêté », ou le corriger."""

    form_class = OrderForm

    def known(self) -> PoliceOrder:
        if "pk" not in self.kwargs:
            return PoliceOrder()
        return get_object_or_404(
            PoliceOrder.objects.filter(authority__in=self.kept).select_related("authority"), pk=self.kwargs["pk"]
        )

    def get_form(self, form_class: Any = None) -> OrderForm:
        form = OrderForm(**self.get_form_kwargs(), instance=self.known(), communes=self.communes())
        form.home = self.home  # type: ignore[method-assign]
        return form

    def save(self, form: Any) -> PoliceOrder:
        order: PoliceOrder = form.instance
        if order.authority_id is None:
            order.authority = self.home(order.commune)
        return orders.record_order(order, by=self.request.user, on=order.authority.today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = "Corriger l’arrêté" if "pk" in self.kwargs else "Enregistrer un arrêté de police"
        return super().get_context_data(
            title=title,
            button="Enregistrer",
            lead="Les demandes ouvertes à cette adresse sont cherchées aussitôt, et le responsable est alerté.",
            **kwargs,
        )


class LiftOrderView(OrderFormScreen):
    """Écran « Mainlevée »."""

    form_class = LiftingForm
    success_message = "La mainlevée est enregistrée : les demandes que l’arrêté bloquait sont libérées."

    def save(self, form: Any) -> PoliceOrder:
        order = get_object_or_404(PoliceOrder.objects.filter(authority__in=self.kept), pk=self.kwargs["pk"])
        return orders.lift_order(order, by=self.request.user, on=order.authority.today(), **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = get_object_or_404(PoliceOrder.objects.filter(authority__in=self.kept), pk=self.kwargs["pk"])
        return super().get_context_data(
            title="Enregistrer la mainlevée",
            button="Enregistrer",
            lead=f"{order.get_kind_display()}, {order}, {order.address}.",
            **kwargs,
        )


class OrderView(OrderScreen, DetailView):
    """Écran « Arrêté de police » : ce qu’il dit, et les demandes qu’il frappe."""

    roles = tuple(Role.reading_cases())
    template_name = "workflows/order.html"
    context_object_name = "order"

    def get_queryset(self) -> QuerySet[PoliceOrder]:
        return PoliceOrder.objects.visible_to(self.request.user).select_related(
            "authority", "commune", "imported_in", "recorded_by"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        matches = self.object.matches.select_related("application__dwelling", "application__commune", "settled_by")
        return super().get_context_data(
            matches=matches.order_by("-certainty", "-application_id"),
            can_record=orders.may_record(self.object.authority, self.request.user),
            **kwargs,
        )


class ImportView(OrderScreen, FormScreen):
    """Écran « Importer un registre d’arrêtés »."""

    roles = (Role.MANAGER,)
    template_name = "workflows/order_import.html"
    form_class = RegisterForm

    def form_valid(self, form: Any) -> HttpResponse:
        name, content = form.cleaned_data["register"]
        try:
            self.read(content)
        except order_register.UnreadableRegister as error:
            form.add_error("register", str(error))
            return self.form_invalid(form)
        sent = OrderImport.objects.create(authority=self.kept[0], name=name, content=content, by=self.request.user)
        return redirect("order-import-read", sent.pk)

    def read(self, content: str) -> list[order_register.Row]:
        return order_register.read(content, communes=_by_name(self.communes()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            earlier=OrderImport.objects.filter(authority__in=self.kept).select_related("by").order_by("-pk")[:10], **kwargs
        )


class ImportReadView(ImportView):
    """Écran « Relire le registre avant de l’importer » : ligne à ligne, avec ce qui ne va pas."""

    template_name = "workflows/order_import_read.html"

    @property
    def sent(self) -> OrderImport:
        return get_object_or_404(OrderImport.objects.filter(authority__in=self.kept), pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sent = self.sent
        rows = self.read(sent.content)
        homes = {commune.pk: self.home(commune) for commune in self.communes().filter(pk__in=_communes(rows))}
        done = orders.import_orders(sent, rows, homes=homes, by=self.request.user, on=sent.authority.today())
        messages.success(
            request,
            f"{done.counts['new']} arrêtés ajoutés, {done.counts['updated']} mis à jour, {done.counts['unread']} lignes laissées.",
        )
        return redirect("order-import-read", sent.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = self.sent
        rows = self.read(sent.content)
        wrong = [row for row in rows if row.errors]
        return super().get_context_data(sent=sent, wrong=wrong, right=[row for row in rows if not row.errors], **kwargs)


class SettleMatchView(CaseActionView):
    """Écran « Cet arrêté vise-t-il le logement ? »."""

    template_name = "workflows/order_match.html"
    form_class = MatchForm
    success_message = "Votre réponse est enregistrée."

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = OrderMatch.objects.filter(application=self.case).select_related("order__commune", "settled_by")
            self.match = get_object_or_404(found, pk=kwargs["match"])

    def act(self, **cleaned: Any) -> None:
        orders.settle_match(self.match, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(match=self.match, **kwargs)


def _by_name(communes: Iterable[Commune]) -> dict[str, str]:
    """INSEE codes by what a register writes of a commune: its name or its code."""
    found: dict[str, str] = {}
    for commune in communes:
        found |= {
            fold(commune.name): commune.pk,
            fold(commune.name).replace("saint", "st"): commune.pk,
            commune.pk.lower(): commune.pk,
        }
    return found


def _communes(rows: list[order_register.Row]) -> set[str]:
    return {row.values["commune"] for row in rows if not row.errors}
