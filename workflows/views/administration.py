"""Settings of an authority: what acts say of it, its zones, its people. No case is seen from here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.enums import Role
from accounts.models import Membership, SignaturePower, User
from documents import health
from documents.french import in_a_sentence
from documents.health import Health
from documents.scanning import ScannerUnavailable
from permis import deadlines
from permis.rules import Theme
from territories.enums import AuthorityKind
from territories.models import Authority, Delegation, Zone
from territories.text import row_keys
from workflows.actions import administration, transmissions
from workflows.forms.administration import (
    AuthorityForm,
    DelegationForm,
    MemberForm,
    NewPowerForm,
    SignaturePowerForm,
    ZoneForm,
    communes_of,
)
from workflows.powers import scope_of
from workflows.presentation import outline
from workflows.views.screens import FormScreen, RoleScreen


class SettingsView(RoleScreen, TemplateView):
    """Écran « Réglages » : une collectivité, ses périmètres, ses personnes."""

    roles = (Role.ADMINISTRATOR,)
    template_name = "workflows/settings.html"

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.administered = Authority.objects.filter(pk__in=self.held).order_by("pk")
        self.authority = self.choose(self.administered)
        return super().respond(request, *args, **kwargs)

    def choose(self, administered: QuerySet[Authority]) -> Authority:
        """The authority whose settings are shown: the one of the address, else the first of the person's."""
        chosen = row_keys([self.request.GET.get("collectivite", "")])
        return administered.filter(pk__in=chosen).first() or administered[0]

    @property
    def settings_url(self) -> str:
        return f"{reverse('settings')}?collectivite={self.authority.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            authority=self.authority,
            administered=self.administered,
            themes=Theme,
            can_delegate=self.authority.kind == AuthorityKind.EPCI,
            zones=self.authority.zones.select_related("commune").order_by("commune__sort_key", "name"),
            delegations=self.authority.delegations_given.select_related("commune", "delegate").order_by("commune__sort_key"),
            memberships=self.authority.memberships.select_related("user").order_by("user__last_name", "user__first_name", "role"),
            powers=self._powers(),
            **kwargs,
        )

    def _powers(self) -> list[SignaturePower]:
        """The powers that serve today or later, each with its scope in words."""
        powers = self.authority.signature_powers.not_ended(self.authority.today()).select_related("user")
        found = list(powers.prefetch_related("communes").order_by("user__last_name", "rank", "starts_on"))
        for power in found:
            power.scope = scope_of(power)  # type: ignore[attr-defined]  # for the page alone
            power.has_begun = power.starts_on <= self.authority.today()  # type: ignore[attr-defined]
        return found


class FilesSettingsView(SettingsView):
    """Écran « Fichiers » des réglages : où ils sont, ce qui les examine, ce qu’a trouvé le dernier rapprochement."""

    template_name = "workflows/settings_files.html"

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Présenter au contrôle le fichier d’essai, qu’il doit reconnaître."""
        try:
            found = health.try_scanner()
        except ScannerUnavailable:
            messages.error(
                request,
                "Le contrôle ne répond pas : les fichiers attendent, et personne ne peut les ouvrir. Prévenez votre hébergeur.",
            )
        else:
            messages.success(request, f"Le contrôle fonctionne : {found.engine} a reconnu le fichier d’essai.")
        return redirect(f"{reverse('settings-files')}?collectivite={self.authority.pk}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(health=Health.of(self.authority), **kwargs)


class SettingsFormView(SettingsView, FormScreen):
    """One form of the settings; saved, it leads back to them."""

    template_name = "workflows/settings_form.html"
    success_message = "Enregistré."

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        self.save(form)
        messages.success(request, self.success_message)
        return redirect(self.settings_url)

    def save(self, form: Any) -> None:
        form.save()


class AuthorityView(SettingsFormView):
    """Écran « La collectivité »."""

    form_class = AuthorityForm
    extra_context = {"title": "La collectivité", "button": "Enregistrer"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.authority}


class ZoneView(SettingsFormView):
    """Écran « Périmètre » : l’entrée en vigueur suit la publication de six mois au moins."""

    template_name = "workflows/zone.html"
    form_class = ZoneForm
    success_message = "Le périmètre est enregistré."
    zone: Zone | None = None

    def choose(self, administered: QuerySet[Authority]) -> Authority:
        if "pk" not in self.kwargs:
            return super().choose(administered)
        self.zone = get_object_or_404(Zone.objects.select_related("authority"), pk=self.kwargs["pk"], authority__in=administered)
        return self.zone.authority

    def save(self, form: Any) -> None:
        transmissions.keep_zone(form.save(commit=False), on=self.authority.today())

    def get_form_kwargs(self) -> dict[str, Any]:
        instance = self.zone or Zone(authority=self.authority)
        return {**super().get_form_kwargs(), "instance": instance, "communes": communes_of(self.authority)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        zone = self.zone
        earliest = deadlines.earliest_entry_into_force(zone.published_on) if zone else None
        return super().get_context_data(zone=zone, earliest=earliest, drawing=outline(zone.geometry) if zone else [], **kwargs)


class DelegationView(SettingsFormView):
    """Écran « Délégation » : l’intercommunalité confie un régime à une commune, ou y met fin."""

    form_class = DelegationForm
    extra_context = {
        "title": "Délégation à une commune",
        "button": "Enregistrer",
        "lead": "Qui est compétent le jour de la décision décide : au début de la délégation, les dossiers ouverts de cette commune passent à la commune, et le lendemain de sa fin ils reviennent à l’intercommunalité, délais compris. La fin est annoncée douze mois avant aux deux collectivités.",
    }
    success_message = "La délégation est enregistrée."

    def choose(self, administered: QuerySet[Authority]) -> Authority:
        epci = administered.filter(kind=AuthorityKind.EPCI)
        if "pk" not in self.kwargs:
            if not epci:
                raise PermissionDenied
            self.delegation = Delegation(epci=super().choose(epci))
            return self.delegation.epci
        self.delegation = get_object_or_404(Delegation.objects.select_related("epci"), pk=self.kwargs["pk"], epci__in=epci)
        return self.delegation.epci

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.delegation}


class MemberView(SettingsFormView):
    """Écran « Donner un rôle »."""

    form_class = MemberForm
    extra_context = {
        "title": "Donner un rôle",
        "button": "Donner ce rôle",
        "lead": "Une personne sans compte reçoit une invitation et choisit son mot de passe. Une même personne peut tenir plusieurs rôles.",
    }
    success_message = "Le rôle est donné."

    def save(self, form: Any) -> None:
        administration.add_member(self.authority, by=self.request.user, **form.cleaned_data)


class NewPowerView(SettingsFormView):
    """Écran « Nouveau pouvoir de signature » : qui signe quoi, où et quand."""

    form_class = NewPowerForm
    success_message = "Le pouvoir de signature est enregistré."
    extra_context = {
        "title": "Nouveau pouvoir de signature",
        "button": "Enregistrer",
        "lead": "La personne doit d’abord avoir le rôle de signataire. Une fois commencé, un pouvoir ne change plus : les actes le citent. On y met fin, et on en donne un autre.",
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": SignaturePower(authority=self.authority)}

    def save(self, form: Any) -> None:
        _give_power(form, by=self.request.user)


class SignaturePowerView(SettingsFormView):
    """Écran « Pouvoir de signature » : le corriger avant qu’il ne commence, puis lui donner une fin."""

    success_message = "Le pouvoir de signature est enregistré."

    def choose(self, administered: QuerySet[Authority]) -> Authority:
        powers = SignaturePower.objects.select_related("authority", "user")
        self.power = get_object_or_404(powers, pk=self.kwargs["pk"], authority__in=administered)
        return self.power.authority

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.power}

    @property
    def has_begun(self) -> bool:
        return self.power.starts_on <= self.authority.today()

    def get_form_class(self) -> Any:
        return SignaturePowerForm if self.has_begun else NewPowerForm

    def save(self, form: Any) -> None:
        if self.has_begun:
            administration.end_power(self.power, by=self.request.user, **form.cleaned_data)
        else:
            _give_power(form, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        power = self.power
        delegation = f", par {in_a_sentence(power.delegation)}" if power.delegation else ""
        said = (
            "Pour y mettre fin dès maintenant, donnez la date d’aujourd’hui : demain, la personne ne signe plus. "
            "Les actes déjà signés restent valables."
            if self.has_begun
            else "Ce pouvoir n’a pas commencé : tout peut encore en être corrigé."
        )
        return super().get_context_data(
            title="Pouvoir de signature",
            button="Enregistrer",
            lead=f"{power.user.full_name}, {in_a_sentence(power.capacity)}{delegation}, depuis le {power.starts_on:%d/%m/%Y}. {said}",
            **kwargs,
        )


class RemoveMemberView(SettingsFormView):
    """Ôter un rôle."""

    http_method_names = ["post"]
    form_class = Form

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        membership = get_object_or_404(Membership, pk=self.kwargs["pk"], authority__in=self.administered)
        self.authority = self.administered.get(memberships=membership)
        try:
            administration.remove_member(membership, by=self.request.user, on=self.authority.today())
        except administration.LastAdministrator as obstacle:
            messages.error(request, str(obstacle))
        else:
            messages.success(request, "Le rôle est ôté.")
        return redirect(self.settings_url)


def _give_power(form: NewPowerForm, *, by: User) -> None:
    power: SignaturePower = form.instance
    administration.give_power(power, communes=form.cleaned_data["communes"], by=by, on=power.authority.today())
