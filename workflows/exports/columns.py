"""The columns that an export of cases may have: one table, which the picker, the files and their definitions read.

To add a column, add a line: its key never changes, since it is in the addresses and in the journal of exports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db import models
from django.db.models import Case, DateField, F, Min, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from inspections.enums import Conclusion, Purpose, VisitState
from inspections.models import Visit
from permis import silence
from permis.enums import (
    Channel,
    Civility,
    ConditionMode,
    ConditionState,
    EnergyClass,
    Ground,
    Housing,
    LeaseKind,
    LessorKind,
    Outcome,
    Ownership,
    RequestNature,
    State,
)
from permis.models import Lessor, PieceRequest, PrescribedWork
from permis.models.afterlife import FOLLOWS_WORKS
from territories.enums import Regime
from workflows.exports.expressions import (
    Expression,
    counted,
    days_between,
    first_of,
    joined,
    label,
    labels,
    listed,
    local_day,
    prefixed,
    yes_no,
)


class Kind(Enum):
    """What a cell holds. A word is ours, and a text is anybody's: it may begin like a formula."""

    WORD = "mot"
    TEXT = "texte"
    PHONE = "téléphone"
    DATE = "date"
    WHOLE = "nombre entier"
    DECIMAL = "nombre"


class Group(models.TextChoices):
    """Where a column stands in the picker."""

    CASE = "dossier", "Dossier"
    DWELLING = "logement", "Logement"
    DATES = "dates", "Dates et délais"
    PEOPLE = "personnes", "Personnes"
    DECISION = "decision", "Décision"
    WORKS = "travaux", "Visites, travaux et bail"


@dataclass(frozen=True)
class Column:
    """One column; ``value`` is a field, an expression, or how to make one for the day of the export.

    ``is_personal`` says that it tells of a person, or of the door at which they live.
    """

    key: str
    group: Group
    header: str
    definition: str
    value: Expression | Callable[[date], Expression]
    kind: Kind = Kind.TEXT
    is_personal: bool = False
    width: int = 16

    def on(self, day: date) -> Expression:
        """What makes the cell, counted from this day."""
        return self.value if not callable(self.value) else self.value(day)


_LESSORS, _WORKS = Lessor.objects.all(), PrescribedWork.objects.all()
_OF_DECISION = "decision__application"
_DONE = Visit.objects.filter(state=VisitState.DONE)
_UNMET = _WORKS.exclude(state=ConditionState.MET)
_NAME = Case(
    When(kind=LessorKind.COMPANY, then=F("company")),
    default=joined(" ", label("civility", Civility), "first_name", "last_name"),
    output_field=TextField(),
)


def _first_term() -> Subquery:
    """The first term among the works of the decision that are not done."""
    mine = _UNMET.filter(decision__application=OuterRef("pk")).order_by().values(_OF_DECISION)
    return Subquery(mine.annotate(found=Min("due_on")).values("found"), output_field=DateField())


def _next_due() -> Case:
    """What the calendar expects next of the case, in the order of the law; nothing once it is closed."""
    return Case(
        When(regime=Regime.DML, state__in=State.open(), then=F("receipt_due_on")),
        When(state__in=State.clock_running(), then=F("tacit_on")),
        When(state=State.INCOMPLETE, then=F("respond_by")),
        When(FOLLOWS_WORKS, then=Coalesce(_first_term(), F("valid_until"))),
        When(state__in=State.authorising(), then=F("valid_until")),
        default=Value(None),
        output_field=DateField(),
    )


def _visit_day(*, ordering: str) -> Subquery:
    return first_of(
        _DONE, local_day("starts_at", time_zone=OuterRef("authority__time_zone")), by="application", ordering=ordering
    )


_CASE, _DWELLING, _PEOPLE, _DATES = Group.CASE, Group.DWELLING, Group.PEOPLE, Group.DATES
_DECISION, _WORKS_GROUP = Group.DECISION, Group.WORKS
COLUMNS: Sequence[Column] = (
    Column("numero", _CASE, "Numéro", "Numéro du dossier, unique.", "number", Kind.WORD, width=24),
    Column("regime", _CASE, "Régime", "Autorisation préalable (APML) ou déclaration (DML) de mise en location.", "regime", Kind.WORD, width=9),
    Column("etat", _CASE, "État", "Où en est le dossier le jour de l’export.", label("state", State), Kind.WORD, width=26),
    Column("collectivite", _CASE, "Collectivité", "Qui instruit le dossier.", "authority__name", width=28),
    Column("commune", _CASE, "Commune", "Commune du logement.", "commune__name", width=22),
    Column("insee", _CASE, "Code INSEE", "Code officiel géographique de la commune.", "commune_id", Kind.WORD, width=11),
    Column("perimetre", _CASE, "Périmètre", "Périmètre délibéré où est le logement, s’il est connu.", "zone__name", width=22),
    Column("reception", _CASE, "Reçue par", "En ligne, par courriel, par courrier ou au guichet.", label("channel", Channel), Kind.WORD, width=11),
    Column("nature", _CASE, "Nature", "Première mise en location ou relocation.", label("nature", RequestNature), Kind.WORD, width=24),
    Column("location", _CASE, "Type de location", "Ce qui est loué, et comment.", label("lease_kind", LeaseKind), Kind.WORD, width=32),
    Column("adresse", _DWELLING, "Adresse du logement", "Numéro et voie, complément.", joined(", ", "dwelling__address", "dwelling__complement"), is_personal=True, width=36),
    Column("porte", _DWELLING, "Bâtiment, étage, porte", "Ce qui désigne le logement dans l’immeuble.", joined(
        ", ", prefixed("bâtiment", "dwelling__building"), prefixed("escalier", "dwelling__staircase"), "dwelling__floor",
        prefixed("porte", "dwelling__door"), prefixed("lot", "dwelling__lot"),
    ), is_personal=True, width=28),
    Column("code_postal", _DWELLING, "Code postal", "Code postal du logement.", "dwelling__postcode", width=11),
    Column("cadastre", _DWELLING, "Référence cadastrale", "Parcelle de l’immeuble.", "dwelling__cadastral_reference", is_personal=True),
    Column("immeuble", _DWELLING, "Type d’immeuble", "Maison individuelle ou immeuble collectif.", label("dwelling__housing", Housing), Kind.WORD, width=20),
    Column("propriete", _DWELLING, "Propriété", "Propriétaire unique ou copropriété.", label("dwelling__ownership", Ownership), Kind.WORD, width=20),
    Column("construction", _DWELLING, "Année de construction", "Année déclarée, parfois approchée.", "dwelling__construction_year", Kind.WHOLE, width=12),
    Column("surface", _DWELLING, "Surface habitable (m²)", "Surface déclarée, en mètres carrés.", "dwelling__surface", Kind.DECIMAL, width=12),
    Column("pieces", _DWELLING, "Pièces principales", "Séjour et chambres.", "dwelling__rooms", Kind.WHOLE, width=11),
    Column("meuble", _DWELLING, "Loué meublé", "Oui ou non, selon la demande.", yes_no("dwelling__furnished"), Kind.WORD, width=9),
    Column("dpe", _DWELLING, "Classe du DPE", "Classe de A à G ; la classe rectifiée de 2026 s’il y en a une.", Coalesce(
        label("dwelling__dpe_adjusted_class", EnergyClass), label("dwelling__dpe_class", EnergyClass),
    ), Kind.WORD, width=9),
    Column("dpe_date", _DWELLING, "Date du DPE", "Jour où le diagnostic a été établi.", "dwelling__dpe_established_on", Kind.DATE),
    Column("bailleurs", _PEOPLE, "Bailleurs", "Chaque bailleur, dans l’ordre de la demande.", listed(_LESSORS, _NAME, by="application", ordering="position"), is_personal=True, width=32),
    Column("bailleur_type", _PEOPLE, "Type de bailleur", "Personne physique, personne morale ou indivision, pour le premier bailleur.", first_of(
        _LESSORS, label("kind", LessorKind), by="application", ordering="position"), Kind.WORD, width=18),
    Column("bailleur_adresse", _PEOPLE, "Adresse du bailleur", "Adresse postale du premier bailleur.", first_of(
        _LESSORS, joined(", ", "address", joined(" ", "postcode", "city")), by="application", ordering="position"), is_personal=True, width=36),
    Column("bailleur_courriel", _PEOPLE, "Courriel du bailleur", "Adresses électroniques des bailleurs.", listed(
        _LESSORS.exclude(email=""), "email", by="application", ordering="position"), is_personal=True, width=28),
    Column("bailleur_telephone", _PEOPLE, "Téléphone du bailleur", "Numéros de téléphone des bailleurs.", listed(
        _LESSORS.exclude(phone=""), "phone", by="application", ordering="position"), Kind.PHONE, is_personal=True, width=22),
    Column("mandataire", _PEOPLE, "Mandataire", "Qui agit pour les bailleurs, s’il y a quelqu’un.", "agent__name", is_personal=True, width=28),
    Column("suivi", _PEOPLE, "Suivi par", "Instructeur qui suit le dossier.", joined(" ", "officer__first_name", "officer__last_name"), is_personal=True, width=22),
    Column("recue", _DATES, "Reçue le", "Jour de la réception par la collectivité.", "received_on", Kind.DATE),
    Column("demande_pieces", _DATES, "Pièces demandées le", "Dernière demande de pièces exigées.", first_of(
        PieceRequest.objects.filter(required=True), "requested_on", by="application", ordering="-requested_on"), Kind.DATE),
    Column("attendues", _DATES, "Pièces attendues avant le", "Terme donné au bailleur, tant que des pièces manquent.", "respond_by", Kind.DATE),
    Column("complete", _DATES, "Dossier complet le", "Jour où le délai d’un mois a commencé.", "clock_started_on", Kind.DATE),
    Column("tacite", _DATES, "Échéance légale", "Dernier jour pour notifier : ensuite, le silence vaut autorisation.", "tacit_on", Kind.DATE),
    Column("prochaine", _DATES, "Prochaine échéance", "Récépissé dû, fin du délai, pièces attendues, terme des travaux ou fin de l’autorisation.", _next_due(), Kind.DATE),
    Column("signee", _DATES, "Signée le", "Jour de la signature de la décision.", "signed_on", Kind.DATE),
    Column("notifiee", _DATES, "Notifiée le", "Jour de la notification, dont partent les recours.", "notified_on", Kind.DATE),
    Column("delai", _DATES, "Délai (jours)", "Jours du dossier complet à la notification.", days_between("clock_started_on", "notified_on"), Kind.WHOLE, width=9),
    Column("valable", _DATES, "Valable jusqu’au", "Fin de l’autorisation si le logement n’est pas loué (deux ans).", "valid_until", Kind.DATE),
    Column("recepisse", _DATES, "Récépissé délivré le", "Pour une déclaration.", "receipted_on", Kind.DATE),
    Column("close", _DATES, "Close le", "Retrait, classement, caducité, annulation : le jour où le dossier a pris fin.", "ended_on", Kind.DATE),
    Column("sens", _DECISION, "Sens", "Décision signée : autorisation, sous conditions, refus.", label("outcome", Outcome), Kind.WORD, width=26),
    Column("silence", _DECISION, "Née du silence", "Oui : l’autorisation est tacite, faute de notification dans le délai.", yes_no(
        silence.BORN), Kind.WORD, width=9),
    Column("mode", _DECISION, "Travaux avant ou après", "Pour une autorisation sous conditions.", label("mode", ConditionMode), Kind.WORD, width=34),
    Column("motifs", _DECISION, "Motifs", "Motifs du refus ou des conditions.", labels("decision__grounds", Ground), Kind.WORD, width=40),
    Column("arrete", _DECISION, "Numéro d’arrêté", "Numéro de l’acte, s’il en a un.", "decision__order_number"),
    Column("signataire", _DECISION, "Signataire", "Nom porté sur la décision.", "decision__signatory_name", is_personal=True, width=22),
    Column("visite", _WORKS_GROUP, "Première visite le", "Jour de la première visite faite.", _visit_day(ordering="starts_at"), Kind.DATE),
    Column("derniere_visite", _WORKS_GROUP, "Dernière visite le", "Jour de la dernière visite faite.", _visit_day(ordering="-starts_at"), Kind.DATE),
    Column("visites", _WORKS_GROUP, "Visites faites", "Nombre de visites faites, contre-visites comprises.", counted(_DONE, by="application"), Kind.WHOLE, width=9),
    Column("visites_manquees", _WORKS_GROUP, "Visites sans accès", "Personne au rendez-vous, ou accès refusé.", counted(
        Visit.objects.filter(state__in=VisitState.failed()), by="application"), Kind.WHOLE, width=9),
    Column("conclusion", _WORKS_GROUP, "Conclusion", "Conclusion de la dernière première visite.", first_of(
        _DONE.filter(purpose=Purpose.FIRST), label("conclusion", Conclusion), by="application", ordering="-starts_at"), Kind.WORD, width=24),
    Column("travaux", _WORKS_GROUP, "Travaux prescrits", "Nombre de points que la décision prescrit.", counted(_WORKS, by=_OF_DECISION), Kind.WHOLE, width=9),
    Column("travaux_faits", _WORKS_GROUP, "Travaux constatés faits", "Nombre de points levés.", counted(
        _WORKS.filter(state=ConditionState.MET), by=_OF_DECISION), Kind.WHOLE, width=9),
    Column("travaux_retard", _WORKS_GROUP, "Travaux en retard", "Points dont le terme est passé et qui ne sont pas constatés faits, tant que l’autorisation les attend.", lambda day: Case(
        When(FOLLOWS_WORKS, then=counted(_UNMET.filter(due_on__lt=day), by=_OF_DECISION)), default=Value(0)), Kind.WHOLE, width=9),
    Column("terme", _WORKS_GROUP, "Prochain terme de travaux", "Premier terme des points qui ne sont pas faits.", _first_term(), Kind.DATE),
    Column("levee", _WORKS_GROUP, "Conditions levées le", "Jour de la levée des conditions.", "lifted_on", Kind.DATE),
    Column("bail", _WORKS_GROUP, "Bail signé le", "Date du bail, déclarée ou établie.", "lease_signed_on", Kind.DATE),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}


@dataclass(frozen=True)
class Preset:
    """Columns that go together, by the name of what they are for."""

    key: str
    label: str
    keys: tuple[str, ...]


PRESETS: Sequence[Preset] = (
    Preset("essentiel", "L’essentiel", (
        "numero", "regime", "etat", "commune", "adresse", "porte", "bailleurs", "suivi", "recue", "tacite", "sens", "notifiee", "valable",
    )),
    Preset("delais", "Suivi des délais", (
        "numero", "etat", "commune", "suivi", "recue", "demande_pieces", "attendues", "complete", "tacite", "prochaine", "signee",
        "notifiee", "delai", "silence",
    )),
    Preset("visites", "Visites et travaux", (
        "numero", "etat", "commune", "adresse", "porte", "visite", "derniere_visite", "visites", "visites_manquees", "conclusion",
        "travaux", "travaux_faits", "travaux_retard", "terme", "levee", "bail",
    )),
    Preset("anonyme", "Sans nom ni adresse", tuple(column.key for column in COLUMNS if not column.is_personal)),
    Preset("tout", "Toutes les colonnes", tuple(BY_KEY)),
)  # fmt: skip
DEFAULT = PRESETS[0].keys


def chosen(keys: Iterable[str]) -> list[Column]:
    """These columns in the order of the table, unknown ones left aside."""
    asked = set(keys)
    return [column for column in COLUMNS if column.key in asked]


def are_personal(columns: Iterable[Column]) -> bool:
    return any(column.is_personal for column in columns)
