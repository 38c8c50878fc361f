"""The dwelling an application is about, down to the door (R.635-2 4°)."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from permis import addresses
from permis.enums import EnergyClass, Housing, InstallationAge, Ownership, Situation, Supply
from permis.models.application import Application
from permis.validators import validate_cadastral_reference, validate_dpe_number, validate_postcode


class Dwelling(models.Model):
    """Location, designation and consistency of one dwelling, as its application states them."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="dwelling")

    address = models.CharField("numéro et voie", max_length=200)
    complement = models.CharField("complément d’adresse", max_length=120, blank=True)
    postcode = models.CharField("code postal", max_length=5, validators=[validate_postcode])
    building = models.CharField("bâtiment", max_length=40, blank=True)
    staircase = models.CharField("escalier", max_length=40, blank=True)
    floor = models.CharField("étage", max_length=40, blank=True)
    door = models.CharField("porte", max_length=40, blank=True)
    lot = models.CharField("numéro de lot", max_length=40, blank=True)
    cadastral_reference = models.CharField(
        "référence cadastrale", max_length=20, blank=True, validators=[validate_cadastral_reference]
    )

    address_key = models.CharField("adresse normalisée", max_length=200, db_index=True, blank=True, editable=False)

    housing = models.CharField("type d’immeuble", max_length=12, choices=Housing, blank=True)
    ownership = models.CharField("propriété de l’immeuble", max_length=12, choices=Ownership, blank=True)
    syndic = models.CharField("syndic", max_length=160, blank=True)
    construction_year = models.PositiveSmallIntegerField(
        "année de construction", null=True, blank=True,
        validators=[MinValueValidator(1000, "Écrivez l’année sur quatre chiffres."), MaxValueValidator(2100, "Cette année est trop lointaine.")],
        help_text="Une année approchée suffit. Elle décide des diagnostics à fournir.",
    )  # fmt: skip
    levels = models.PositiveSmallIntegerField("nombre de niveaux", null=True, blank=True)
    dwellings = models.PositiveSmallIntegerField("nombre de logements", null=True, blank=True)

    surface = models.DecimalField(
        "surface habitable", max_digits=6, decimal_places=2, null=True,
        validators=[MinValueValidator(Decimal("1"), "La surface est trop petite.")],
        help_text="En mètres carrés. Elle est écrite sur la première page du DPE.",
    )  # fmt: skip
    rooms = models.PositiveSmallIntegerField(
        "nombre de pièces principales", null=True,
        validators=[MinValueValidator(1, "Un logement a au moins une pièce principale."), MaxValueValidator(50, "Vérifiez ce nombre.")],
        help_text="Séjour et chambres, sans la cuisine ni la salle d’eau.",
    )  # fmt: skip
    ceiling_height = models.DecimalField("hauteur sous plafond", max_digits=4, decimal_places=2, null=True, blank=True)
    furnished = models.BooleanField("loué meublé", null=True)
    rooms_open_to_air = models.BooleanField("chaque pièce principale ouvre sur l’extérieur", null=True, blank=True)

    kitchen = models.CharField("cuisine", max_length=10, choices=Situation, blank=True)
    kitchen_equipment = models.JSONField("équipement de la cuisine", default=list, blank=True)
    bathroom = models.CharField("salle d’eau", max_length=10, choices=Situation, blank=True)
    bathroom_equipment = models.JSONField("équipement de la salle d’eau", default=list, blank=True)
    toilet = models.CharField("WC", max_length=10, choices=Situation, blank=True)
    toilet_private = models.BooleanField("WC privatif", null=True, blank=True)
    toilet_separate = models.BooleanField("WC séparé de la cuisine", null=True, blank=True)
    ventilation = models.CharField("ventilation", max_length=80, blank=True)
    smoke_detector = models.BooleanField("détecteur de fumée", null=True, blank=True)

    heating = models.CharField("chauffage", max_length=12, choices=Supply, blank=True)
    heating_energy = models.CharField("énergie du chauffage", max_length=60, blank=True)
    hot_water = models.CharField("eau chaude", max_length=12, choices=Supply, blank=True)
    hot_water_energy = models.CharField("énergie de l’eau chaude", max_length=60, blank=True)
    gas = models.CharField("installation de gaz", max_length=10, choices=InstallationAge, blank=True)
    electricity = models.CharField("installation électrique", max_length=10, choices=InstallationAge, blank=True)

    dpe_number = models.CharField("numéro du DPE", max_length=13, blank=True, validators=[validate_dpe_number])
    dpe_class = models.CharField("classe du DPE", max_length=1, choices=EnergyClass, blank=True)
    dpe_adjusted_class = models.CharField("classe rectifiée du DPE", max_length=1, choices=EnergyClass, blank=True)
    dpe_established_on = models.DateField("date du DPE", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    in_risk_zone = models.BooleanField("commune concernée par l’état des risques", default=False)
    in_noise_zone = models.BooleanField("zone de bruit d’un aérodrome", default=False)

    class Meta:
        verbose_name = "logement"
        constraints = [
            models.CheckConstraint(
                name="dwelling_placed_by_two_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True) | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message="Un point de la carte a une latitude et une longitude.",
            )
        ]

    def __str__(self) -> str:
        return self.street_line

    @property
    def normalised(self) -> str:
        """The key of its address, by which the other cases and the police orders of the building are found."""
        return addresses.key(self.application.commune_id, self.address, town=self.application.commune.name)

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude, once somebody has placed the dwelling on the map."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    @property
    def street_line(self) -> str:
        """« 12 rue de la Gare, bâtiment A, 2e étage, porte gauche », without the town."""
        return street_line(self.address, self.complement, self.building, self.staircase, self.floor, self.door)

    @property
    def energy_class(self) -> str:
        """The class that counts: the adjusted one of 2026 where there is one."""
        return self.dpe_adjusted_class or self.dpe_class


def street_line(address: str, complement: str, building: str, staircase: str, floor: str, door: str) -> str:
    """Where a dwelling is in its town, down to its door; what is not said is left out."""
    parts = (address, complement, _named("bâtiment", building), _named("escalier", staircase), floor, _named("porte", door))
    return ", ".join(part for part in parts if part)


def _named(label: str, value: str) -> str:
    """« porte gauche », whether the word was typed or not."""
    return value if not value or value.casefold().startswith(label) else f"{label} {value}"
