"""People, the organisations they belong to, and what they may do for which authority."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import BooleanField, F, Func, Q

from accounts.enums import Role
from territories.enums import Regime
from territories.models import Authority, Commune
from territories.validators import validate_siren


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def members(self, authorities: Collection[int], roles: Collection[Role]) -> models.QuerySet[User]:
        """Who holds one of these roles in one of these authorities, their account open; each once.

        Each is looked up by key: joined to the roles, the accounts of all the landlords may be read in their order.
        """
        held = Membership.objects.filter(authority__in=authorities, role__in=roles).values("user")
        is_one = Func(
            F("pk"), ArraySubquery(held), template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField()
        )
        return self.filter(is_one, is_active=True)


class User(AbstractBaseUser):
    """A person who signs in by e-mail: a landlord, an agent of an agency, or somebody who works for an authority."""

    email = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Un compte existe déjà avec cette adresse électronique."},
    )
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    joined_at = models.DateTimeField("inscrit le", auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    objects = UserManager()

    class Meta:
        verbose_name = "personne"

    def __str__(self) -> str:
        return self.full_name or self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @cached_property
    def _held(self) -> list[Membership]:
        """Every right of one request is read from these rows, fetched once with their authorities."""
        return list(self.memberships.select_related("authority"))

    @property
    def _memberships(self) -> frozenset[tuple[str, int | None, int | None]]:
        return frozenset((held.role, held.authority_id, held.organisation_id) for held in self._held)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(role) for role, _, _ in self._memberships)

    @cached_property
    def home_authority(self) -> Authority | None:
        """The authority the person works for first; its name and its day are those of their screens."""
        return min((held.authority for held in self._held if held.authority), key=lambda each: each.pk, default=None)

    @property
    def has_proved_address(self) -> bool:
        """Whether a message sent to the address was answered: anybody may sign up under the address of somebody else."""
        return EmailAddress.objects.filter(user=self, email__iexact=self.email, verified=True).exists()

    def has_role(self, *roles: Role, in_: Authority) -> bool:
        """Whether the person holds one of these roles in this authority."""
        return any((role, in_.pk, None) in self._memberships for role in roles)

    def authorities_as(self, *roles: Role) -> set[int]:
        """Keys of the authorities where the person holds one of these roles."""
        return {authority for role, authority, _ in self._memberships if role in roles and authority is not None}

    def serving(self, *roles: Role) -> list[Authority]:
        """The authorities where the person holds one of these roles, by key; asked with the rights, they cost no query."""
        held = {each.authority for each in self._held if each.role in roles and each.authority is not None}
        return sorted(held, key=lambda each: each.pk)

    @property
    def organisations(self) -> set[int]:
        """Keys of the organisations for which the person acts as an agent."""
        return {organisation for _, _, organisation in self._memberships if organisation is not None}


class Organisation(models.Model):
    """A professional that lets dwellings for their owners: an estate agency, a property manager (R.635-2 3°)."""

    name = models.CharField("dénomination", max_length=200)
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[validate_siren])
    activity = models.CharField("activité", max_length=120, default="Administration de biens")
    card_number = models.CharField("numéro de carte professionnelle", max_length=40, blank=True)
    card_issued_at = models.CharField("lieu de délivrance de la carte", max_length=80, blank=True)
    address = models.CharField("adresse", max_length=250)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)

    class Meta:
        verbose_name = "organisme mandataire"
        verbose_name_plural = "organismes mandataires"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person, in an authority or, for an agent, in an organisation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="personne")
    role = models.CharField("rôle", max_length=20, choices=Role)
    authority = models.ForeignKey(
        Authority, models.CASCADE, related_name="memberships", null=True, blank=True, verbose_name="collectivité"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", null=True, blank=True, verbose_name="organisme"
    )

    class Meta:
        verbose_name = "habilitation"
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "authority", "organisation"], name="role_held_once", nulls_distinct=False,
                violation_error_message="Cette personne tient déjà ce rôle.",
            ),
            models.CheckConstraint(
                name="agents_belong_to_organisations_others_to_authorities",
                condition=Q(role=Role.AGENT, organisation__isnull=False, authority__isnull=True)
                | ~Q(role=Role.AGENT) & Q(organisation__isnull=True, authority__isnull=False),
                violation_error_message="Un mandataire appartient à un organisme, les autres rôles à une collectivité.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.authority or self.organisation}"


class SignaturePowerQuerySet(models.QuerySet["SignaturePower"]):
    def in_force(self, on: date) -> SignaturePowerQuerySet:
        return self.not_ended(on).filter(starts_on__lte=on)

    def not_ended(self, on: date) -> SignaturePowerQuerySet:
        """Those that may sign that day or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def covering(self, *, commune: str, regime: str, outcome: str = "") -> SignaturePowerQuerySet:
        """Those whose scope holds such a decision; an act without ``outcome`` needs a power over every decision."""
        decisions = Q(outcomes=[]) | Q(outcomes__contains=[outcome]) if outcome else Q(outcomes=[])
        places = Q(communes__isnull=True) | Q(communes=commune)
        return self.filter(decisions, places, Q(regimes=[]) | Q(regimes__contains=[regime])).distinct()


class SignaturePower(models.Model):
    """The capacity in which a signatory signs, by office or by delegation, and since when (CRPA L.212-1)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="signature_powers", verbose_name="signataire")
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="signature_powers", verbose_name="collectivité")
    capacity = models.CharField("qualité", max_length=120, help_text="Par exemple « Vice-président chargé de l’habitat ».")
    delegation = models.CharField(
        "arrêté de délégation", max_length=120, blank=True, help_text="Vide pour le maire ou le président lui-même."
    )
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)
    communes = models.ManyToManyField(
        Commune, blank=True, related_name="+", verbose_name="communes", help_text="Aucune cochée : toutes."
    )
    regimes = ArrayField(
        models.CharField(max_length=4, choices=Regime),
        default=list,
        blank=True,
        verbose_name="régimes",
        help_text="Aucun coché : tous.",
    )
    # Outcomes of decisions belong to the law, a layer above: their codes only.
    outcomes = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        verbose_name="décisions",
        help_text="Aucune cochée : toutes, et les autres actes.",
    )
    rank = models.PositiveSmallIntegerField(
        "rang",
        default=0,
        help_text="0 : signe en toute circonstance. 1 ou plus : en cas d’absence ou d’empêchement de ceux qui précèdent.",
    )

    objects = SignaturePowerQuerySet.as_manager()

    class Meta:
        verbose_name = "pouvoir de signature"
        verbose_name_plural = "pouvoirs de signature"
        constraints = [
            models.CheckConstraint(
                name="signature_power_ends_after_its_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du pouvoir de signature précède son début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.capacity}"

    @property
    def is_replacement(self) -> bool:
        """It serves only while those who come first are absent or prevented."""
        return self.rank > 0
