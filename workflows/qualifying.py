"""« Mon logement est-il concerné ? »: one clear answer from what a person says, with its reasons and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from urllib.parse import urlencode

from django.urls import reverse

from documents.french import NBSP, of_name
from documents.french import day as in_words
from permis import pieces, qualification
from permis.enums import Housing, InstallationAge, LeaseKind, PieceKind
from permis.qualification import Scope
from territories import competence, zoning
from territories.enums import Certainty, Regime
from territories.models import Authority, Commune, Zone
from territories.zoning import Candidate, Features, Finding, Place
from workflows import guidance

OUTSIDE = "outside"
FROM_WORDS = "Réponse établie d’après vos déclarations"
_START = {Regime.APML: "Commencer ma demande", Regime.DML: "Commencer ma déclaration"}


class Outcome(Enum):
    """What the answer is; each has its title and its colour."""

    PERMIT = "permit"
    DECLARATION = "declaration"
    BOTH = "both"
    NOT_CONCERNED = "not_concerned"
    UPCOMING = "upcoming"
    TO_CHECK = "to_check"
    NOT_HERE = "not_here"


TITLES = {
    Outcome.PERMIT: "Oui, demandez l’autorisation avant de louer",
    Outcome.DECLARATION: "Oui, déclarez la location dans les quinze jours du bail",
    Outcome.BOTH: "Oui, et deux règles existent ici : le service vous dira laquelle s’applique",
    Outcome.NOT_CONCERNED: "Non, cette location n’est pas concernée",
    Outcome.UPCOMING: "Pas encore : la règle entre en vigueur plus tard",
    Outcome.TO_CHECK: "À vérifier par une personne du service",
    Outcome.NOT_HERE: "Nous ne pouvons pas répondre pour cette commune",
}


@dataclass(frozen=True)
class Facts:
    """What a person says of a letting; only the commune and the lease are always known."""

    commune: Commune
    lease_kind: LeaseKind
    lease_on: date
    address: str = ""
    inside: str = ""
    construction_year: int | None = None
    surface: Decimal | None = None
    housing: str = ""
    furnished: bool | None = None

    @property
    def place(self) -> Place:
        """Nobody has placed the dwelling on a map: where the perimeter is drawn, the person says on which side it is."""
        declared = None if not self.inside else frozenset() if self.inside == OUTSIDE else frozenset({int(self.inside)})
        return Place(self.address, declared=declared)

    @property
    def features(self) -> Features:
        return Features(self.construction_year, self.surface, self.housing, self.is_furnished)

    @property
    def is_furnished(self) -> bool | None:
        """A furnished lease says so by itself."""
        said = {LeaseKind.UNFURNISHED: False, LeaseKind.FURNISHED: True, LeaseKind.STUDENT: True, LeaseKind.MOBILITY: True}
        return said.get(self.lease_kind, self.furnished)

    def rows(self, zones: Sequence[Zone]) -> list[tuple[str, str]]:
        """The facts as they were given, for the answer that rests on them."""
        names = {str(zone.pk): f"dans le périmètre « {zone.name} »" for zone in zones}
        told = [
            ("Commune", f"{self.commune.name} ({self.commune.pk})"),
            ("Adresse", self.address),
            ("Location", str(self.lease_kind.label)),
            ("Date du bail", in_words(self.lease_on)),
            ("Situation", "hors des périmètres dessinés" if self.inside == OUTSIDE else names.get(self.inside, "")),
            ("Année de construction", str(self.construction_year or "")),
            ("Surface habitable", f"{self.surface.normalize():f} m²".replace(".", ",") if self.surface else ""),
            ("Immeuble", str(Housing(self.housing).label) if self.housing else ""),
            ("Loué meublé", "" if self.furnished is None else "oui" if self.furnished else "non"),
        ]
        return [(label, value) for label, value in told if value]


@dataclass(frozen=True)
class Start:
    """A button that begins what is to be filed, with what was said already."""

    label: str
    url: str


@dataclass(frozen=True)
class Answer:
    """The answer of one day: ``why`` in order, the perimeters it rests on, what to prepare, and who to ask."""

    outcome: Outcome
    on: date
    facts: list[tuple[str, str]]
    why: list[str]
    basis: list[str] = field(default_factory=list)
    next_steps: list[str] = field(default_factory=list)
    prepare: list[tuple[str, str]] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    authority: Authority | None = None

    @property
    def title(self) -> str:
        return TITLES[self.outcome]


def zones_of(commune: Commune) -> list[Zone]:
    """Every perimeter of the commune that is not over, whatever its regime."""
    return list(commune.zones.select_related("authority").order_by("regime", "in_force_on", "pk"))


def decider(commune: Commune, zone: Zone, *, on: date) -> Authority:
    """Who decides in this perimeter that day: the delegate of its EPCI where there is one, else who made it."""
    try:
        return competence.authority_for(commune, Regime(zone.regime), on)
    except competence.NoAuthority:
        return zone.authority


def asked_of(zones: Sequence[Zone]) -> set[str]:
    """The facts on which the perimeters of this commune depend: nothing else is asked."""
    keys = {key for zone in zones for key, value in zone.categories.items() if value not in (None, [], "")}
    asked = {"lease_kind", "lease_on", "address"}
    asked |= {"construction_year"} if keys & {"built_before", "min_age_years"} else set()
    asked |= {"surface"} if "surface_max" in keys else set()
    asked |= {"housing"} if "kinds" in keys else set()
    asked |= {"furnished"} if "furnished" in keys else set()
    return asked | ({"inside"} if any(zone.geometry for zone in zones) else set())


def not_here(commune: Commune, *, on: date) -> Answer:
    """A commune that has no perimeter in this software: a « no » where its authority uses it, else who to ask."""
    rows = [("Commune", f"{commune.name} ({commune.pk})")]
    try:
        authority = competence.authority_for(commune, Regime.APML, on)
    except competence.NoAuthority:
        epci = f", ou à l’intercommunalité ({commune.epci_name})" if commune.epci_name else ""
        return Answer(
            Outcome.NOT_HERE,
            on,
            rows,
            [f"{commune.name} ne reçoit pas les demandes par ce site. Cela ne veut pas dire que rien n’y est demandé."],
            next_steps=[f"Posez la question à la mairie {of_name(commune.name)}{epci}, service habitat ou urbanisme."],
        )
    return Answer(
        Outcome.NOT_CONCERNED,
        on,
        rows,
        [f"Aucune délibération n’a créé de périmètre à {commune.name} : ni autorisation ni déclaration n’y sont nécessaires."],
        ["CCH L. 634-1 et L. 635-1"],
        ["Gardez cette réponse. Elle vaut au jour où elle est établie : une délibération peut créer un périmètre."],
        authority=authority,
    )


def answer(facts: Facts, *, on: date) -> Answer:
    """The answer for this letting, as the perimeters and the settings of the authority stand that day."""
    zones = zones_of(facts.commune)
    if not zones:
        return not_here(facts.commune, on=on)
    authority = decider(facts.commune, zones[0], on=on)
    scope = qualification.scope_of(facts.lease_kind, authority, on=on)
    rows = facts.rows(zones)
    if not scope.is_in:
        return _out_of_scope(scope, rows, authority, on=on)
    found = {
        regime: zoning.find([zone for zone in zones if zone.regime == regime], facts.place, facts.features, on=facts.lease_on)
        for regime in Regime
    }
    return _of_place(facts, found, scope, rows, authority, on=on)


def _of_place(
    facts: Facts, found: dict[Regime, Finding], scope: Scope, rows: list[tuple[str, str]], authority: Authority, *, on: date
) -> Answer:
    concerned = [regime for regime in Regime if found[regime].candidates]
    candidates = [each for regime in concerned for each in found[regime].candidates]
    decides = decider(facts.commune, candidates[0].zone, on=on) if candidates else authority
    blank = Answer(Outcome.NOT_CONCERNED, on, rows, [scope.why], [scope.basis], authority=decides)
    if not concerned:
        return _nowhere(facts, found, blank)
    outcome, steps = _outcome(facts, found, concerned, on)
    return replace(
        blank,
        outcome=outcome,
        why=[scope.why, *(_told(each) for each in candidates), *_elsewhere(facts, concerned)],
        basis=[scope.basis, *(_reference(each.zone) for each in candidates)],
        next_steps=steps,
        prepare=prepare(facts, concerned[0]),
        starts=[_start(regime) for regime in concerned],
    )


def _outcome(facts: Facts, found: dict[Regime, Finding], concerned: list[Regime], on: date) -> tuple[Outcome, list[str]]:
    if any(found[regime].certainty == Certainty.TO_CHECK for regime in concerned):
        return Outcome.TO_CHECK, _to_check(concerned)
    if len(concerned) > 1:
        return Outcome.BOTH, _both()
    if concerned == [Regime.DML]:
        return Outcome.DECLARATION, _to_declare(facts, on)
    return Outcome.PERMIT, _to_ask(facts, on)


def prepare(facts: Facts, regime: Regime) -> list[tuple[str, str]]:
    """The papers to gather, from what is known; what depends on something unknown says on what."""
    unknown = pieces.DwellingFacts(
        facts.construction_year or pieces.LEAD_BEFORE - 1, InstallationAge.OLD, InstallationAge.OLD, True
    )
    required = [piece.kind for piece in pieces.required(unknown, on=facts.lease_on, regime=regime)]
    return [(guidance.short_name(kind), _condition(kind, facts)) for kind in required if kind not in PieceKind.forms()]


def _condition(kind: PieceKind, facts: Facts) -> str:
    return {
        PieceKind.DPE: "Toujours.",
        PieceKind.CREP: "L’immeuble date d’avant 1949." if facts.construction_year else "Si l’immeuble date d’avant 1949.",
        PieceKind.ELECTRICITY: "Si l’installation a plus de quinze ans.",
        PieceKind.GAS: "S’il y a une installation de plus de quinze ans.",
        PieceKind.ERP: "Si la commune est concernée, de moins de six mois.",
    }.get(kind, "")


def _out_of_scope(scope: Scope, rows: list[tuple[str, str]], authority: Authority, *, on: date) -> Answer:
    steps = [
        "Gardez cette réponse. Si vous concluez plus tard un autre bail, vérifiez de nouveau.",
        "Le logement loué reste soumis aux règles de décence.",
    ]
    if scope.is_open:
        steps.insert(0, "La loi laisse ici une question ouverte : en cas de doute, écrivez au service avant de signer.")
    return Answer(Outcome.NOT_CONCERNED, on, rows, [scope.why], [scope.basis], steps, authority=authority)


def _nowhere(facts: Facts, found: dict[Regime, Finding], blank: Answer) -> Answer:
    """Inside no perimeter: none begins before the lease, or none is of this kind of dwelling, or none is here."""
    upcoming = [each for finding in found.values() for each in finding.upcoming]
    if upcoming and facts.lease_on >= blank.on:
        return _upcoming(upcoming, blank)
    excluded = [zone for finding in found.values() for zone in finding.excluded]
    why = ["D’après ce que vous indiquez, le logement n’est dans aucun périmètre en vigueur à la date du bail."]
    why += [
        f"Le périmètre « {zone.name} » ne vise pas ce logement : il ne concerne que les logements {aimed_at(zone)}."
        for zone in excluded
    ]
    why += [
        f"Le périmètre « {each.zone.name} » n’est entré en vigueur que le {in_words(each.zone.in_force_on)}, après le bail."
        for each in upcoming
    ]
    steps = [
        "Gardez cette réponse, datée. Vérifiez de nouveau au prochain bail : les périmètres changent par délibération.",
        "Le logement loué reste soumis aux règles de décence.",
    ]
    basis = ["CCH L. 634-1 et L. 635-1", *(_reference(zone) for zone in excluded)]
    return replace(blank, why=why, basis=basis, next_steps=steps)


def _upcoming(upcoming: list[Candidate], blank: Answer) -> Answer:
    zone = min((each.zone for each in upcoming), key=lambda each: each.in_force_on)
    word = "demander une autorisation" if zone.regime == Regime.APML else "déclarer la location"
    begins = in_words(zone.in_force_on)
    why = [f"Le périmètre « {zone.name} » entre en vigueur le {begins}. Un bail conclu avant ce jour n’est pas concerné."]
    why += [_doubts(each) for each in upcoming if each.doubts]
    step = f"Si le bail est conclu à partir du {begins}, il faudra {word}. Revenez vérifier si sa date change."
    return replace(blank, outcome=Outcome.UPCOMING, why=why, basis=[_reference(zone)], next_steps=[step])


def _told(candidate: Candidate) -> str:
    zone = candidate.zone
    rule = "d’autorisation préalable" if zone.regime == Regime.APML else "de déclaration"
    since = f"en vigueur depuis le {in_words(zone.in_force_on)}"
    if candidate.is_certain:
        return f"Le logement est dans le périmètre {rule} « {zone.name} », {since}."
    return f"Le logement est peut-être dans le périmètre {rule} « {zone.name} », {since}. {_doubts(candidate)}"


def _doubts(candidate: Candidate) -> str:
    return f"Une personne doit le vérifier : {' ; '.join(sorted(str(doubt.label) for doubt in candidate.doubts))}."


def _elsewhere(facts: Facts, concerned: list[Regime]) -> list[str]:
    """The other regime of the commune, where the dwelling is not in it."""
    others = facts.commune.zones.filter(regime__in=[regime for regime in Regime if regime not in concerned])
    if not others.in_force(facts.lease_on).exists():
        return []
    other = "déclaration" if concerned == [Regime.APML] else "autorisation"
    return [f"Un périmètre de {other} existe aussi dans la commune, mais ce logement n’en relève pas."]


def _reference(zone: Zone) -> str:
    article = "CCH L. 635-1" if zone.regime == Regime.APML else "CCH L. 634-1"
    return f"{article}, délibération n° {zone.deliberation} du {in_words(zone.deliberated_on)} ({zone.name})"


def aimed_at(zone: Zone) -> str:
    """The dwellings that a perimeter is about, in words; empty where it is about all of them."""
    rules, said = zone.categories, []
    if rules.get("built_before"):
        said.append(f"construits avant {rules['built_before']}")
    if rules.get("min_age_years"):
        said.append(f"de plus de {rules['min_age_years']} ans")
    if rules.get("surface_max"):
        said.append(f"de {rules['surface_max']} m² au plus")
    if rules.get("kinds"):
        said.append(f"en {' ou '.join(str(Housing(kind).label).lower() for kind in rules['kinds'])}")
    if rules.get("furnished") is not None:
        said.append("loués meublés" if rules["furnished"] else "loués vides")
    return ", ".join(said)


def _start(regime: Regime) -> Start:
    query = {"concerne": "1"} | ({"regime": "DML"} if regime == Regime.DML else {})
    return Start(_START[regime], f"{reverse('application-start')}?{urlencode(query)}")


def _to_ask(facts: Facts, on: date) -> list[str]:
    late = [
        "Le bail est déjà signé ? L’autorisation devait le précéder : demandez-la sans attendre. Le bail du locataire reste valable."
    ]
    return [
        *(late if facts.lease_on <= on else ["Demandez l’autorisation avant de signer le bail, et à chaque nouveau locataire."]),
        "La réponse vient en un mois au plus, une fois le dossier complet. Sans réponse, c’est accordé.",
        "Une visite du logement est possible pendant ce mois, sur rendez-vous.",
    ]


def _to_declare(facts: Facts, on: date) -> list[str]:
    return [
        "Signez le bail, puis déclarez la location dans les quinze jours." if facts.lease_on > on else "Déclarez la location dans les quinze jours qui suivent le bail ; passé ce délai, déclarez-la quand même, sans attendre.",
        "Le récépissé, ou la liste de ce qui manque, vient dans la semaine.",
        "Vous remettez une copie du récépissé au locataire.",
    ]  # fmt: skip


def _to_check(concerned: list[Regime]) -> list[str]:
    what = (
        "Votre demande"
        if concerned == [Regime.APML]
        else "Votre déclaration"
        if concerned == [Regime.DML]
        else "Ce que vous déposez"
    )
    return [
        "Écrivez au service, ou appelez-le : il vous répond à partir de l’adresse exacte.",
        f"Vous pouvez aussi déposer tout de suite : le service vérifie le périmètre. {what} est sans conséquence si le logement n’est pas concerné.",
    ]


def _both() -> list[str]:
    return [
        "L’autorisation se demande avant le bail, la déclaration se fait après. Demandez d’abord l’autorisation si le bail n’est pas signé.",
        "Le service vous dit si l’autre démarche reste nécessaire.",
    ]


def dated(answer: Answer) -> str:
    """« Réponse établie d’après vos déclarations, le 2 mars 2026. »"""
    return f"{FROM_WORDS}, le {in_words(answer.on)}. Elle ne vaut que pour la situation décrite."


def contact(answer: Answer) -> str:
    """The service to ask, on one line."""
    authority = answer.authority
    if authority is None:
        return ""
    parts = [
        f"{authority.service}, {authority.name}",
        authority.phone.replace(" ", NBSP),
        authority.email,
        ", ".join(authority.postal_address.splitlines()),
    ]
    return " · ".join(part for part in parts if part)
