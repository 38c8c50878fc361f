"""Open data of an authority: its perimeters as they stand, its decisions quarter by quarter, without a name or an address.

Both in UTF-8 with commas (RFC 4180), in the schemas that the site publishes beside them (Table Schema).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Q, TextField
from django.db.models.functions import MD5, Cast, Coalesce

from permis import rules, silence
from permis.deadlines import add_months
from permis.enums import EnergyClass, Ground, Housing, Outcome, State
from permis.models import Application, RuleChange
from permis.rules import Rule
from territories.enums import Regime
from territories.models import Authority, Commune, Zone, ZoneQuerySet
from workflows import qualifying
from workflows.actions import owed
from workflows.exports import anonymity
from workflows.exports.anonymity import FEWEST, Taken
from workflows.exports.expressions import joined
from workflows.exports.models import OpenDataset
from workflows.statistics import figures, public

VERSION = "1.0"
LICENCE = "Licence Ouverte 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
TACIT = "autorisation tacite"
ZONE_FIELDS = (
    "insee", "nom_commune", "regime", "categorie", "zone_id", "date_deliberation", "date_effet", "date_fin", "url_acte", "geometry",
)  # fmt: skip
DECISION_FIELDS = (
    "siren", "collectivite", "insee", "nom_commune", "zone_id", "regime", "date", "precision", "sens", "motifs", "type_immeuble",
    "classe_dpe",
)  # fmt: skip
_MONTHS = 3
_OUTCOMES = {outcome: str(outcome.label).lower() for outcome in Outcome}
_KEYS = {label: str(outcome) for outcome, label in _OUTCOMES.items()} | {TACIT: figures.TACIT}


# -- perimeters


def zones_of(authority: Authority) -> ZoneQuerySet:
    """Every deliberated perimeter, those to come and those that ended too: they are public acts."""
    return Zone.objects.filter(authority=authority)


def zone_id(authority: Authority, key: int) -> str:
    """The same in both datasets, and for ever."""
    return f"{authority.siren}-{key}"


def zones_etag(authority: Authority) -> str:
    """Changes with any perimeter, and costs the database one hash a perimeter, no outline being read."""
    told = (
        "commune_id",
        "commune__name",
        "regime",
        "name",
        "deliberated_on",
        "in_force_on",
        "ends_on",
        "url",
        "categories",
        "geometry",
    )
    whole = joined("|", *(Cast(field, TextField()) for field in ("pk", *told)))
    digests = zones_of(authority).order_by("pk").annotate(print=MD5(whole)).values_list("print", flat=True)
    return hashlib.sha256("".join([VERSION, authority.siren, *digests]).encode()).hexdigest()


def zone_record(zone: Zone, authority: Authority) -> dict[str, Any]:
    """One perimeter in the words of the schema, its outline apart."""
    return {
        "insee": zone.commune_id,
        "nom_commune": zone.commune.name,
        "regime": zone.regime,
        "categorie": qualifying.aimed_at(zone) or "tous les logements",
        "zone_id": zone_id(authority, zone.pk),
        "date_deliberation": zone.deliberated_on.isoformat(),
        "date_effet": zone.in_force_on.isoformat(),
        "date_fin": zone.ends_on.isoformat() if zone.ends_on else None,
        "url_acte": zone.url or None,
    }


def zones_geojson(authority: Authority) -> Iterator[bytes]:
    """A collection of features (RFC 7946), one perimeter at a time."""
    yield b'{"type": "FeatureCollection", "features": ['
    for place, zone in enumerate(_zones(authority)):
        feature = {"type": "Feature", "properties": zone_record(zone, authority), "geometry": zone.geometry}
        yield (b",\n" if place else b"\n") + json.dumps(feature, ensure_ascii=False).encode()
    yield b"\n]}\n"


def zones_csv(authority: Authority) -> Iterator[bytes]:
    """One line a perimeter, its outline as GeoJSON in the last field."""
    yield _lines([ZONE_FIELDS])
    for zone in _zones(authority):
        record = zone_record(zone, authority)
        outline = json.dumps(zone.geometry, ensure_ascii=False) if zone.geometry else ""
        yield _lines([[*(record[field] for field in ZONE_FIELDS[:-1]), outline]])


def _zones(authority: Authority) -> Iterator[Zone]:
    return zones_of(authority).select_related("commune").order_by("pk").iterator(chunk_size=20)


# -- decisions


def publishing(authorities: Iterable[Authority]) -> set[int]:
    """Keys of those that publish their decisions today, by the rule that each has settled."""
    days = {authority.pk: authority.today() for authority in authorities}
    settled = dict.fromkeys(days, rules.BY_RULE[Rule.OPEN_DECISIONS].default)
    for change in RuleChange.objects.filter(authority__in=days, rule=Rule.OPEN_DECISIONS).order_by("since", "pk"):
        if change.since <= days[change.authority_id]:
            settled[change.authority_id] = change.value
    return {key for key, value in settled.items() if value}


def publishes_decisions(authority: Authority) -> bool:
    return bool(publishing([authority]))


def last_published(authorities: Iterable[Authority]) -> dict[int, date]:
    """The end of the last quarter that each has published."""
    found = OpenDataset.objects.filter(authority__in=list(authorities)).values_list("authority")
    return dict(found.annotate(last=Max("until")).order_by("authority"))


def last_quarter(on: date) -> date:
    """The last day of the quarter that ended before this day."""
    return date(on.year, 3 * ((on.month - 1) // 3) + 1, 1) - timedelta(days=1)


def publish_all() -> int:
    """Every quarter that ended and is not published yet, of each authority that publishes; how many.

    Raises ExceptionGroup once the others are done, with what failed.
    """

    def due(authority: Authority) -> int:
        return publish(authority, on=authority.today()) if publishes_decisions(authority) else 0

    return owed.for_each("open data", Authority.objects.order_by("pk"), due)


def publish(authority: Authority, *, on: date) -> int:
    """The quarters of an authority that ended before this day, each once and for ever; how many were new."""
    _draw_figures(authority)
    last = last_quarter(on)
    known = set(OpenDataset.objects.filter(authority=authority).values_list("until", flat=True))
    # They are published in order: with the last, all of them are.
    first = None if last in known else _first_decision(authority)
    if first is None:
        return 0
    count, until = 0, last_quarter(add_months(first, _MONTHS))
    while until <= last:
        if until not in known:
            count += _publish(authority, until=until)
        until = last_quarter(add_months(until + timedelta(days=1), _MONTHS))
    return count


def decisions_csv(authority: Authority) -> Iterator[bytes]:
    """Every quarter, one after the other, as they were published."""
    yield _lines([DECISION_FIELDS])
    contents = OpenDataset.objects.filter(authority=authority).order_by("until").values_list("content", flat=True)
    for content in contents.iterator(chunk_size=1):
        yield content.encode()


def quarters(authority: Authority) -> list[OpenDataset]:
    """What is published, quarter by quarter, without its lines."""
    return list(OpenDataset.objects.filter(authority=authority).defer("content", "figures").order_by("until"))


@transaction.atomic
def _publish(authority: Authority, *, until: date) -> int:
    """One quarter; two workers at once publish the same lines, and the second none."""
    lines = anonymity.publish(_taken(authority, until=until))
    names = dict(Commune.objects.filter(pk__in={each.insee for each in lines}).values_list("pk", "name"))
    content = _lines(
        [
            (
                authority.siren, authority.name, each.insee, names.get(each.insee, ""), each.zone, Regime.APML, each.moment,
                each.precision, each.outcome, each.grounds, each.housing, each.energy,
            )
            for each in lines
        ]
    )  # fmt: skip
    told = [public.Told(each.insee, each.moment, _KEYS[each.outcome]) for each in lines]
    digest = hashlib.sha256(content).hexdigest()
    made = {
        "content": content.decode(),
        "sha256": digest,
        "rows": len(lines),
        "figures": public.drawn(authority, until=until, decisions=told),
    }
    _, is_new = OpenDataset.objects.get_or_create(authority=authority, until=until, defaults=made)
    return int(is_new)


def _draw_figures(authority: Authority) -> None:
    """Once for ever too, those of the quarters that were published before there were figures."""
    for dataset in OpenDataset.objects.filter(authority=authority, figures__isnull=True).order_by("until"):
        rows = [dict(zip(DECISION_FIELDS, row, strict=True)) for row in csv.reader(io.StringIO(dataset.content))]
        told = [public.Told(row["insee"], row["date"], _KEYS[row["sens"]]) for row in rows]
        drawn = public.drawn(authority, until=dataset.until, decisions=told)
        OpenDataset.objects.filter(pk=dataset.pk, figures__isnull=True).update(figures=drawn)


def _decided(authority: Authority) -> Any:
    """Cases with a decision, and its day: its notification, or the end of the silence."""
    cases = Application.objects.filter(authority=authority, regime=Regime.APML).exclude(state=State.DRAFT)
    decided = Q(notified_on__isnull=False) & ~Q(outcome="") | silence.BORN
    return cases.filter(decided).annotate(decided_on=Coalesce("notified_on", "tacit_on")).order_by()


def _first_decision(authority: Authority) -> date | None:
    first: date | None = _decided(authority).aggregate(first=Min("decided_on"))["first"]
    return first


def _taken(authority: Authority, *, until: date) -> Iterator[Taken]:
    start = add_months(until + timedelta(days=1), -_MONTHS)
    found = _decided(authority).filter(decided_on__range=(start, until))
    facts = found.values_list(
        "commune_id", "zone_id", "decided_on", "notified_on", "outcome", "decision__grounds", "dwelling__housing",
        "dwelling__dpe_adjusted_class", "dwelling__dpe_class",
    )  # fmt: skip
    for insee, zone, day, notified_on, outcome, grounds, housing, adjusted, energy in facts.iterator(chunk_size=2000):
        yield Taken(
            insee=insee,
            zone=zone_id(authority, zone) if zone else "",
            day=day,
            outcome=_OUTCOMES[outcome] if notified_on else TACIT,
            grounds=" | ".join(str(ground.label) for ground in Ground if ground in (grounds or ())),
            housing=str(Housing(housing).label).lower() if housing else "",
            energy=adjusted or energy or "",
        )


# -- schemas


def schema(name: str) -> dict[str, Any]:
    """The Table Schema of a dataset. Raises KeyError."""
    title, fields = _SCHEMAS[name]
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": f"permis-de-louer-{name}",
        "title": title,
        "version": VERSION,
        "encoding": "utf-8",
        "fields": fields,
        "missingValues": [""],
    }


def _field(name: str, kind: str, description: str, example: str, **constraints: Any) -> dict[str, Any]:
    told = {"name": name, "type": kind, "description": description, "example": example}
    return told | ({"format": "%Y-%m-%d"} if kind == "date" else {}) | {"constraints": {"required": False} | constraints}


def _commune_fields(*, required: bool) -> list[dict[str, Any]]:
    masked = "" if required else f" Vide si moins de {FEWEST} décisions la partagent."
    return [
        _field(
            "insee", "string", f"Code INSEE de la commune.{masked}", "33473", pattern=r"^(?:\d{2}|2[AB])\d{3}$", required=required
        ),
        _field("nom_commune", "string", f"Nom de la commune.{masked}", "Saint-Savin", required=required),
    ]


_REGIME = _field("regime", "string", "APML (autorisation) ou DML (déclaration).", "APML", enum=list(Regime.values), required=True)
_SCHEMAS: dict[str, tuple[str, Sequence[dict[str, Any]]]] = {
    "perimetres": ("Périmètres du permis de louer", [
        *_commune_fields(required=True), _REGIME,
        _field("categorie", "string", "Logements visés par la délibération, en mots.", "construits avant 1975", required=True),
        _field("zone_id", "string", "Identifiant stable du périmètre : SIREN de la collectivité, puis un numéro.", "243301181-4", required=True, unique=True),
        _field("date_deliberation", "date", "Jour de la délibération.", "2024-09-24", required=True),
        _field("date_effet", "date", "Entrée en vigueur, six mois au moins après la publication.", "2025-05-01", required=True),
        _field("date_fin", "date", "Dernier jour, si le périmètre a pris fin.", ""),
        _field("url_acte", "string", "Adresse de la délibération publiée.", "https://exemple.fr/deliberation.pdf"),
        _field("geometry", "geojson", "Tracé en WGS 84 (RFC 7946) ; vide si le périmètre est une liste de rues.", ""),
    ]),
    "decisions": ("Décisions anonymes du permis de louer", [
        _field("siren", "string", "SIREN de la collectivité qui décide.", "243301181", pattern=r"^\d{9}$", required=True),
        _field("collectivite", "string", "Son nom.", "CC Latitude Nord Gironde", required=True),
        *_commune_fields(required=False),
        _field("zone_id", "string", f"Périmètre, comme dans « perimetres ». Vide s’il n’est pas connu, ou si moins de {FEWEST} décisions le partagent.", "243301181-4"),
        _REGIME,
        _field("date", "string", f"Jour de la notification ou de la fin du silence ; le mois, puis le trimestre, si moins de {FEWEST} décisions les partagent.", "2026-03", pattern=r"^\d{4}-(?:\d{2}(?:-\d{2})?|T[1-4])$", required=True),
        _field("precision", "string", "Ce que dit la date.", "mois", enum=["jour", "mois", "trimestre"], required=True),
        _field("sens", "string", "Ce qui a été décidé à cette date, quoi qu’il en soit advenu.", "refus", enum=[*_OUTCOMES.values(), TACIT], required=True),
        _field("motifs", "string", "Motifs d’un refus ou de conditions, séparés par « | ».", ""),
        _field("type_immeuble", "string", f"Vide s’il n’est pas connu, ou si moins de {FEWEST} décisions le partagent.", "immeuble collectif", enum=[str(each.label).lower() for each in Housing]),
        _field("classe_dpe", "string", f"Vide si elle n’est pas connue, ou si moins de {FEWEST} décisions la partagent.", "D", enum=list(EnergyClass.values)),
    ]),
}  # fmt: skip
SCHEMAS = tuple(_SCHEMAS)


def _lines(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
