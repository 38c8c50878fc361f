"""Police orders on buildings, where they were learnt from, and the cases whose dwelling they seem to strike (CCH L.635-9)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from accounts.models import User
from permis.addresses import Certainty
from permis.enums import MatchState, OrderAuthority, OrderKind
from permis.models.application import Application
from permis.validators import validate_cadastral_reference
from territories.models import Authority, Commune

CERTAINTIES = [
    (Certainty.CERTAIN.value, "Adresse identique"),
    (Certainty.PROBABLE.value, "Adresse proche"),
    (Certainty.WEAK.value, "Même rue, numéro à vérifier"),
]


class OrderImport(models.Model):
    """One file of orders as it came: what could not be read of it is kept, to be corrected and sent again."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="order_imports", verbose_name="collectivité")
    name = models.CharField("fichier", max_length=200)
    content = models.TextField("contenu")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="déposé par")
    sent_at = models.DateTimeField("déposé le", auto_now_add=True)
    imported_on = models.DateField("importé le", null=True)
    counts = models.JSONField("bilan", default=dict)

    class Meta:
        verbose_name = "import d’arrêtés"
        verbose_name_plural = "imports d’arrêtés"

    def __str__(self) -> str:
        return self.name


class PoliceOrderQuerySet(models.QuerySet["PoliceOrder"]):
    def visible_to(self, user: User) -> PoliceOrderQuerySet:
        """Orders known to the authorities where a role of the person reads cases."""
        return self.filter(authority__in=user.authorities_as(*Role.reading_cases()))

    def in_force(self) -> PoliceOrderQuerySet:
        """Those that nobody has lifted."""
        return self.filter(lifted_on__isnull=True)

    def blocking(self) -> PoliceOrderQuerySet:
        """Those in force that forbid the permit (CCH L.635-9)."""
        return self.in_force().filter(kind__in=OrderKind.blocking())


class PoliceOrder(models.Model):
    """One order of the mayor, of the head of the EPCI or of the prefect on a building or a part of it."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="police_orders", verbose_name="collectivité")
    taken_by = models.CharField("pris par", max_length=10, choices=OrderAuthority, default=OrderAuthority.MAYOR)
    kind = models.CharField("nature", max_length=12, choices=OrderKind)
    number = models.CharField("numéro", max_length=60)
    dated_on = models.DateField("date de l’arrêté")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="police_orders", verbose_name="commune")
    address = models.CharField("adresse, telle que l’arrêté l’écrit", max_length=250)
    address_key = models.CharField("adresse normalisée", max_length=200, db_index=True, blank=True, editable=False)
    cadastral_reference = models.CharField(
        "référence cadastrale", max_length=20, blank=True, validators=[validate_cadastral_reference]
    )
    plot = models.CharField(max_length=10, blank=True, editable=False)
    building = models.CharField(
        "bâtiment ou partie visée", max_length=120, blank=True, help_text="Vide si l’arrêté vise tout l’immeuble."
    )
    lifted_on = models.DateField("mainlevée le", null=True, blank=True)
    lifting = models.CharField("arrêté de mainlevée", max_length=120, blank=True)
    source = models.CharField(
        "source", max_length=120, blank=True, help_text="Qui vous l’a transmis, ou le registre dont il vient."
    )
    imported_in = models.ForeignKey(
        OrderImport, models.SET_NULL, related_name="orders", null=True, editable=False, verbose_name="importé par"
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name="enregistré par")

    objects = PoliceOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "arrêté de police"
        verbose_name_plural = "arrêtés de police"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "commune", "number"], name="police_order_known_once",
                violation_error_message="Un arrêté de ce numéro est déjà enregistré dans cette commune.",
            ),
            models.CheckConstraint(
                name="police_order_lifted_after_it_was_taken",
                condition=Q(lifted_on__isnull=True) | Q(lifted_on__gte=F("dated_on")),
                violation_error_message="La mainlevée ne peut pas précéder l’arrêté.",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["authority", "commune", "plot"], name="police_order_plot")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """« arrêté n° 2026-URB-009 du 03/03/2026 », as the journal and the decision cite it."""
        return f"arrêté n° {self.number} du {self.dated_on:%d/%m/%Y}"

    @property
    def is_blocking(self) -> bool:
        return self.lifted_on is None and self.kind in OrderKind.blocking()

    def lift(self, *, on: date, reference: str) -> None:
        """Enregistrer la mainlevée de l’arrêté."""
        self.lifted_on, self.lifting = on, reference


class OrderMatchQuerySet(models.QuerySet["OrderMatch"]):
    def to_settle(self) -> OrderMatchQuerySet:
        """Those of orders in force, of which nobody has said yet whether they strike the building."""
        return self.filter(state=MatchState.CANDIDATE, order__lifted_on__isnull=True)


class OrderMatch(models.Model):
    """An order that seems to strike the building of a case: a person says whether it does."""

    order = models.ForeignKey(PoliceOrder, models.CASCADE, related_name="matches")
    application = models.ForeignKey(Application, models.CASCADE, related_name="order_matches")
    certainty = models.PositiveSmallIntegerField("rapprochement", choices=CERTAINTIES)
    state = models.CharField("avis", max_length=10, choices=MatchState, default=MatchState.CANDIDATE)
    reason = models.CharField("raison", max_length=250, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="vérifié par")
    settled_on = models.DateField("vérifié le", null=True)

    objects = OrderMatchQuerySet.as_manager()

    class Meta:
        verbose_name = "rapprochement d’arrêté"
        verbose_name_plural = "rapprochements d’arrêtés"
        constraints = [
            models.UniqueConstraint(fields=["order", "application"], name="order_matched_once"),
            models.CheckConstraint(
                name="dismissed_order_says_why",
                condition=~Q(state=MatchState.DISMISSED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi cet arrêté ne vise pas le logement.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}, {self.application}"
