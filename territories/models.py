"""Who is competent where: communes, authorities, delegations between them, and zones of the rental permit."""

from __future__ import annotations

import base64
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from shapely.geometry import Point, shape

from territories.enums import AuthorityKind, PlaceKind, Regime
from territories.text import fold
from territories.validators import validate_geometry, validate_insee, validate_siren, validate_time_zone


class Authority(models.Model):
    """An intercommunal body or a commune that grants rental permits with this software (CCH L.635-1)."""

    kind = models.CharField("nature", max_length=10, choices=AuthorityKind)
    name = models.CharField("nom", max_length=200)
    kind_label = models.CharField(
        "nature en toutes lettres", max_length=80, help_text="Par exemple « Communauté de communes » ou « Commune »."
    )
    siren = models.CharField("SIREN", max_length=9, unique=True, validators=[validate_siren])
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris", validators=[validate_time_zone])
    department = models.CharField("département", max_length=3, help_text="Code : 33, 2A, 974. Il donne les jours fériés.")
    department_name = models.CharField("nom du département", max_length=60, blank=True)
    service = models.CharField("service instructeur", max_length=120, default="Service habitat")
    postal_address = models.TextField("adresse postale", help_text="Imprimée sur chaque acte (CRPA R.112-5).")
    city = models.CharField("fait à", max_length=80, help_text="Lieu de signature imprimé sur les actes.")
    phone = models.CharField("téléphone du service", max_length=30, blank=True)
    email = models.EmailField("courriel du service", blank=True)
    opening_hours = models.CharField("horaires d’accueil", max_length=200, blank=True)
    head_title = models.CharField(
        "titre de l’exécutif", max_length=120, help_text="Par exemple « Le Président de la communauté de communes »."
    )
    court_name = models.CharField("tribunal compétent", max_length=120)
    court_address = models.CharField("adresse du tribunal", max_length=200)
    logo = models.TextField("logo (SVG)", blank=True)

    class Meta:
        verbose_name = "collectivité"
        verbose_name_plural = "collectivités"

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        """The logo as a picture, in which nothing of an SVG can act."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.logo.encode()).decode()}"

    @cached_property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self) -> date:
        """The day it is for the authority; read at the edge only (view, command, job)."""
        return self.local(timezone.now()).date()

    def local(self, moment: datetime) -> datetime:
        """A moment on the authority's own clocks: deadlines count its days, overseas too."""
        return moment.astimezone(self.zone_info)

    def midnight(self, day: date) -> datetime:
        """The moment at which a day begins on the authority's own clocks."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone_info)


class CommuneQuerySet(models.QuerySet["Commune"]):
    def named_like(self, text: str) -> CommuneQuerySet:
        """Communes whose name starts with ``text``, accents and case aside."""
        return self.filter(sort_key__startswith=fold(text))


class Commune(models.Model):
    """A current commune, known by its INSEE code (Code officiel géographique)."""

    insee = models.CharField("code INSEE", max_length=5, primary_key=True, validators=[validate_insee])
    name = models.CharField("nom", max_length=100)
    sort_key = models.CharField(max_length=100, db_index=True, editable=False)
    department = models.CharField("département", max_length=3)
    postcodes = models.JSONField("codes postaux", default=list)
    population = models.PositiveIntegerField("population", null=True)
    epci_siren = models.CharField("SIREN de l’EPCI", max_length=9, blank=True, db_index=True)
    epci_name = models.CharField("EPCI", max_length=200, blank=True)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = fold(self.name)
        super().save(*args, **kwargs)

    @property
    def postcode(self) -> str:
        return self.postcodes[0] if self.postcodes else ""


class Place(models.Model):
    """A district, delegated or associated commune: a name people still use, which points to its commune."""

    kind = models.CharField("nature", max_length=30, choices=PlaceKind)
    insee = models.CharField("code INSEE", max_length=5, validators=[validate_insee])
    name = models.CharField("nom", max_length=100)
    sort_key = models.CharField(max_length=100, db_index=True, editable=False)
    postcodes = models.JSONField("codes postaux", default=list)
    population = models.PositiveIntegerField("population", null=True)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="places")

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux"
        constraints = [models.UniqueConstraint(fields=["insee", "kind"], name="place_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.commune.name})"


# Its end is not announced; nor is it where it was prolonged or shortened since.
_UNANNOUNCED = Q(announced_of__isnull=True) | Q(announced_of__lt=F("ends_on")) | Q(announced_of__gt=F("ends_on"))


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, on: date) -> DelegationQuerySet:
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def to_announce(self, until: date) -> DelegationQuerySet:
        """Those that end by then, which was not announced yet."""
        return self.filter(_UNANNOUNCED, ends_on__lte=until)

    def overlapping(self, start: date, end: date | None) -> DelegationQuerySet:
        """Those in force on any day from ``start`` to ``end``, without end when it is None."""
        begun = self if end is None else self.filter(starts_on__lte=end)
        return begun.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=start))


class Delegation(models.Model):
    """An EPCI entrusts a commune with the implementation of a regime on its territory (CCH L.635-1 III, L.634-1 III)."""

    epci = models.ForeignKey(Authority, models.PROTECT, related_name="delegations_given", verbose_name="EPCI")
    delegate = models.ForeignKey(Authority, models.PROTECT, related_name="delegations_held", verbose_name="délégataire")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="delegations", verbose_name="commune")
    regime = models.CharField("régime", max_length=4, choices=Regime)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True, help_text="Dernier jour de la délégation.")
    deliberation = models.CharField("délibération", max_length=80)
    announced_of = models.DateField("fin annoncée", null=True, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = "délégation"
        constraints = [
            models.CheckConstraint(
                name="delegation_ends_after_its_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la délégation précède son début.",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="delegation_unannounced", condition=_UNANNOUNCED)]

    def __str__(self) -> str:
        return f"{self.commune} ({self.regime}) : {self.epci} → {self.delegate}"


class SixMonthsAfter(models.Func):
    """Six months later, date to date; the last day of the month where there is no such day, as `deadlines.add_months`."""

    template = "(%(expressions)s + interval '6 months')::date"
    output_field = models.DateField()


class ZoneQuerySet(models.QuerySet["Zone"]):
    def in_force(self, on: date) -> ZoneQuerySet:
        return self.filter(in_force_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def not_ended(self, on: date) -> ZoneQuerySet:
        """In force, or still to come."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def covering(self, *, longitude: float, latitude: float) -> list[Zone]:
        """The zones whose perimeter holds this point, borders included."""
        return [zone for zone in self if zone.covers(longitude=longitude, latitude=latitude)]


class Zone(models.Model):
    """A perimeter set by deliberation, inside which a letting needs a permit or a declaration (CCH L.635-1, L.634-1)."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="zones", verbose_name="collectivité")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="zones", verbose_name="commune")
    regime = models.CharField("régime", max_length=4, choices=Regime, default=Regime.APML)
    name = models.CharField("nom du périmètre", max_length=120)
    deliberation = models.CharField("délibération n°", max_length=80)
    deliberated_on = models.DateField("délibération du")
    published_on = models.DateField("publiée le")
    in_force_on = models.DateField("entrée en vigueur le", help_text="Six mois au moins après la publication.")
    ends_on = models.DateField("fin", null=True, blank=True)
    url = models.URLField("adresse de la délibération", blank=True)
    categories = models.JSONField("logements visés", default=dict, blank=True)
    geometry = models.JSONField("périmètre (GeoJSON)", null=True, blank=True, validators=[validate_geometry])
    streets = models.JSONField("rues", default=list, blank=True)

    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name = "périmètre"
        constraints = [
            models.CheckConstraint(
                name="zone_in_force_six_months_after_publication",
                condition=Q(in_force_on__gte=SixMonthsAfter("published_on")),
                violation_error_message=("L’entrée en vigueur doit suivre la publication d’au moins six mois (CCH L. 635-1)."),
            ),
            models.CheckConstraint(
                name="zone_published_after_deliberation",
                condition=Q(published_on__gte=F("deliberated_on")),
                violation_error_message="La publication ne peut pas précéder la délibération.",
            ),
            models.CheckConstraint(
                name="zone_ends_after_its_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("in_force_on")),
                violation_error_message="La fin du périmètre précède son entrée en vigueur.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def covers(self, *, longitude: float, latitude: float) -> bool:
        return self.geometry is not None and shape(self.geometry).covers(Point(longitude, latitude))
