"""What each recipient may read: the least that its mission needs (RGPD, art. 5; CRPA L.114-8), and nothing that is not listed.

Never a photo, an inspection, an occupant, a rent, a means of reaching anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from notifications.ledger import Occasion, RecipientKind
from notifications.models import Transmission
from permis.enums import Ground, LessorKind, Outcome
from permis.models import Application, Decision, Lessor, PrescribedWork
from territories.models import Zone
from territories.text import fold

Payload = dict[str, Any]

_WHAT = ("numero", "decision", "date_decision", "decision_precedente")
_WHERE = ("adresse", "code_postal", "commune", "code_insee")
_PARCEL = ("reference_cadastrale", "lot")
_WHO = ("bailleur", "siret")
_WHY = ("motifs", "travaux")
# Names of the fields as they are sent, in their order: a promise made to partners (docs/echanges-partenaires.md).
FIELDS: Mapping[RecipientKind, tuple[str, ...]] = {
    # L.635-6: to know which dwelling was refused, and to whom. Housing benefits are theirs to decide.
    RecipientKind.CAF: (*_WHAT, *_WHERE, *_WHO),
    RecipientKind.MSA: (*_WHAT, *_WHERE, *_WHO),
    # L.635-6: a taxpayer is known by name and address, a property by its parcel.
    RecipientKind.TAX: (*_WHAT, *_WHERE, *_PARCEL, *_WHO, "adresse_bailleur"),
    # L.635-10: to follow the works.
    RecipientKind.PDALHPD: (*_WHAT, *_WHERE, *_PARCEL, *_WHO, *_WHY),
    # L.635-10: dwellings, not people.
    RecipientKind.OBSERVATORY: (*_WHAT, *_WHERE, *_PARCEL, *_WHY),
    # CGCT L.2131-2: the act itself, and what the operator asks to file it.
    RecipientKind.PREFECTURE: ("numero_acte", "nature", "matiere", "objet", "date_acte"),
    RecipientKind.EPCI: (),
}
ZONE_FIELDS = (
    "deliberation", "date_deliberation", "date_publication", "entree_en_vigueur", "fin", "regime", "perimetre", "commune",
    "code_insee", "adresse_deliberation",
)  # fmt: skip
# What each field is, for who reads it on a screen.
LABELS = {
    "numero": "Numéro du dossier", "decision": "Décision", "date_decision": "Notifiée, ou prenant effet, le",
    "decision_precedente": "Décision précédente", "adresse": "Adresse du logement", "code_postal": "Code postal",
    "commune": "Commune", "code_insee": "Code INSEE", "reference_cadastrale": "Référence cadastrale", "lot": "Lot",
    "bailleur": "Bailleur", "siret": "SIRET du bailleur", "adresse_bailleur": "Adresse du bailleur", "motifs": "Motifs",
    "travaux": "Travaux prescrits", "numero_acte": "Numéro de l’acte", "nature": "Nature", "matiere": "Matière @CTES",
    "objet": "Objet", "date_acte": "Date de l’acte", "deliberation": "Délibération", "date_deliberation": "Date de la délibération",
    "date_publication": "Publiée le", "entree_en_vigueur": "Entrée en vigueur", "fin": "Fin", "regime": "Régime",
    "perimetre": "Périmètre", "adresse_deliberation": "Adresse de la délibération", "trace": "Tracé (GeoJSON)",
}  # fmt: skip
_DATES = {"date_decision", "date_acte", "date_deliberation", "date_publication", "entree_en_vigueur", "fin"}
# What is known of a decision once it has changed.
_CHANGED = {
    Occasion.LIFTING: "Autorisation, conditions levées",
    Occasion.REPEAL: "Autorisation abrogée",
    Occasion.REVOCATION: "Autorisation retirée",
    Occasion.ANNULMENT: "Décision annulée par le juge",
    Occasion.TRANSFER: "Autorisation transférée à un nouveau bailleur",
}


def of_case(transmission: Transmission) -> Payload:
    """What this recipient may read of the case, as it is on the day the transmission is born."""
    case = transmission.application
    assert case is not None  # its occasion says so
    return {name: _READ[name](transmission, case) for name in FIELDS[RecipientKind(transmission.kind)]}


def of_zone(zone: Zone) -> Payload:
    """An enforceable deliberation and its perimeter, which are public (L.634-2, L.635-2)."""
    return {
        "deliberation": zone.deliberation,
        "date_deliberation": zone.deliberated_on.isoformat(),
        "date_publication": zone.published_on.isoformat(),
        "entree_en_vigueur": zone.in_force_on.isoformat(),
        "fin": zone.ends_on.isoformat() if zone.ends_on else "",
        "regime": zone.regime,
        "perimetre": zone.name,
        "commune": zone.commune.name,
        "code_insee": zone.commune_id,
        "adresse_deliberation": zone.url,
        "trace": zone.geometry,
    }


def labels(kind: RecipientKind) -> list[str]:
    """What this recipient is told of a case, in words."""
    return [LABELS[name] for name in FIELDS[kind]] + (["Acte signé (PDF)"] if kind == RecipientKind.PREFECTURE else [])


def lines(payload: Payload) -> list[tuple[str, str]]:
    """What was transmitted, field by field; the database keeps no order, so that it is said again here."""
    names = (*ZONE_FIELDS, "trace") if "deliberation" in payload else LABELS
    return [(LABELS[name], _shown(name, payload[name])) for name in names if payload.get(name)]


def _shown(name: str, value: Any) -> str:
    if name == "trace":
        return "joint"
    if name in _DATES:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    return " ; ".join(_item(each) for each in value) if isinstance(value, list) else as_text(value)


def _item(value: Any) -> str:
    """One of several works or grounds, as a person reads it."""
    if not isinstance(value, dict):
        return str(value)
    told = value | ({"echeance": f"avant le {date.fromisoformat(value['echeance']):%d/%m/%Y}"} if value.get("echeance") else {})
    return ", ".join(filter(None, told.values()))


def as_text(value: Any) -> str:
    """One field on one line."""
    if isinstance(value, list):
        return " | ".join(", ".join(filter(None, each.values())) if isinstance(each, dict) else str(each) for each in value)
    return " ".join(str(value).split())


def words_of(payload: Payload) -> str:
    """What a search looks through: numbers, addresses and names that the recipient already has."""
    searched = ("numero", "numero_acte", "adresse", "code_postal", "commune", "bailleur", "perimetre", "deliberation")
    return fold(" ".join(str(payload[name]) for name in searched if payload.get(name)))


def decision_said(transmission: Transmission) -> str:
    """The decision that stands after this occasion, in words."""
    occasion = Occasion(transmission.occasion)
    case = transmission.application
    assert case is not None
    return _CHANGED.get(occasion) or str(Outcome(case.outcome).label)


def _date(transmission: Transmission, case: Application) -> str:
    occasion = Occasion(transmission.occasion)
    by_decision = (Occasion.REFUSAL, Occasion.CONDITIONAL, Occasion.GRANT, Occasion.SILENCE_REVERSED)
    day = case.notified_on if occasion in by_decision else transmission.opened_on
    return day.isoformat() if day else ""


def _before(transmission: Transmission, _case: Application) -> str:
    former = transmission.corrects
    return str(former.payload.get("decision", "")) if former is not None else ""


def _lessors(case: Application) -> Iterable[Lessor]:
    return case.lessors.order_by("position")


def _works(case: Application) -> list[dict[str, str]]:
    works = PrescribedWork.objects.filter(decision__application=case).order_by("position")
    return [
        {"lieu": work.place, "travaux": work.work, "fondement": work.basis, "echeance": work.due_on.isoformat() if work.due_on else ""}
        for work in works
    ]  # fmt: skip


def _grounds(case: Application) -> list[str]:
    decision = Decision.objects.filter(application=case).first()
    return [str(Ground(code).label) for code in decision.grounds] if decision is not None else []


def _act_number(transmission: Transmission, case: Application) -> str:
    decision = Decision.objects.filter(application=case).first()
    own = decision.order_number if decision is not None and transmission.occasion not in _CHANGED else ""
    return own or str(case.number)


def _act_date(transmission: Transmission, _case: Application) -> str:
    day = transmission.act.issued_on if transmission.act is not None else None
    return (day or transmission.opened_on).isoformat()


def _matter(transmission: Transmission, _case: Application) -> str:
    return transmission.recipient.matter if transmission.recipient is not None else ""


_READ: Mapping[str, Callable[[Transmission, Application], Any]] = {
    "numero": lambda _, case: case.number,
    "decision": lambda transmission, _: decision_said(transmission),
    "date_decision": _date,
    "decision_precedente": _before,
    "adresse": lambda _, case: case.dwelling.street_line,
    "code_postal": lambda _, case: case.dwelling.postcode,
    "commune": lambda _, case: case.commune.name,
    "code_insee": lambda _, case: case.commune_id,
    "reference_cadastrale": lambda _, case: case.dwelling.cadastral_reference,
    "lot": lambda _, case: case.dwelling.lot,
    "bailleur": lambda _, case: ", ".join(lessor.name for lessor in _lessors(case)),
    "siret": lambda _, case: ", ".join(each.siret for each in _lessors(case) if each.kind == LessorKind.COMPANY and each.siret),
    "adresse_bailleur": lambda _, case: " ; ".join(lessor.postal_address for lessor in _lessors(case)),
    "motifs": lambda _, case: _grounds(case),
    "travaux": lambda _, case: _works(case),
    "numero_acte": _act_number,
    "nature": lambda *_: "Acte individuel",
    "matiere": _matter,
    "objet": lambda transmission, _: f"Permis de louer : {decision_said(transmission).lower()}",
    "date_acte": _act_date,
}
