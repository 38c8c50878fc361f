"""What an act says of a case, as plain values: the wording is made from these alone, without database or clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from documents.content import Figure, Letterhead
from permis.breaches import Breach
from permis.enums import ConditionMode, Ground, Outcome

Annex = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Issuer:
    """The authority that decides: `executive` is « Le Président de la communauté de communes Latitude Nord Gironde »."""

    letterhead: Letterhead
    executive: str
    city: str
    court_name: str
    court_address: str


@dataclass(frozen=True)
class Perimeter:
    """The zone and the deliberation that made the permit compulsory in it."""

    name: str
    deliberation: str
    deliberated_on: date
    in_force_on: date


@dataclass(frozen=True)
class Party:
    """A lessor, by name and address on one line."""

    name: str
    address: str


@dataclass(frozen=True)
class Case:
    """An application as an act names it; `annex` holds every answer that was given (R.635-3)."""

    issuer: Issuer
    number: str
    address: str
    description: str
    lessors: list[Party]
    recipient: list[str]
    received_on: date
    agent: str = ""
    complete_on: date | None = None
    perimeter: Perimeter | None = None
    competence: str = ""
    annex: Annex = field(default_factory=list)
    noun: str = "demande"
    lease_signed_on: date | None = None


@dataclass(frozen=True)
class MissingPiece:
    """A piece the law requires, the text that requires it, and what is wrong with the one that was given, if any."""

    label: str
    basis: str = ""
    reason: str = ""


@dataclass(frozen=True)
class VisitMade:
    """A visit as an order cites it; times are those of the authority, ``report`` is « n° 2 du 4 mai 2026 »."""

    starts_at: datetime
    ends_at: datetime
    inspector: str
    people_present: str = ""
    report: str = ""


@dataclass(frozen=True)
class VisitToMake:
    """A visit as a convocation announces it; times are those of the authority."""

    starts_at: datetime
    ends_at: datetime
    inspector: str
    mandate: str = ""
    instructions: str = ""
    is_counter_visit: bool = False


@dataclass(frozen=True)
class Signatory:
    """Who signs, in what capacity, and the order that delegates the signature; `sealed` says that the software seals it.

    ``replaces``: only while those who come first are absent or prevented.
    """

    name: str
    capacity: str
    delegation: str = ""
    sealed: bool = True
    replaces: bool = False


@dataclass(frozen=True)
class PrescribedWorks:
    """A defect and the works that would cure it; the law wants each of the first five to be said (CCH L.635-3)."""

    place: str
    finding: str
    evidence: str
    basis: str
    work: str
    code: str = ""
    proof: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Ruling:
    """What is decided and why; `considerations` are the officer's own paragraphs.

    ``sources`` are cited beside the usual ones: an appeal, a judgment; ``replaces`` is the sentence
    that withdraws the decision in whose place this one comes.
    """

    outcome: Outcome
    mode: ConditionMode | None = None
    grounds: list[Ground] = field(default_factory=list)
    considerations: list[str] = field(default_factory=list)
    works: list[PrescribedWorks] = field(default_factory=list)
    visits: list[VisitMade] = field(default_factory=list)
    visit_waiver: str = ""
    commitments: list[str] = field(default_factory=list)
    police_order: str = ""
    order_number: str = ""
    private_areas: list[str] = field(default_factory=list)
    shared_equipment: str = ""
    sources: list[str] = field(default_factory=list)
    replaces: str = ""


@dataclass(frozen=True)
class Heard:
    """How the holder of a permit could answer before it was taken away."""

    sent_on: date
    received_on: date | None = None
    observations_on: date | None = None
    oral_held_on: date | None = None


@dataclass(frozen=True)
class Defect:
    """A finding as the report of a visit states it, with the text it rests on and the works that would cure it."""

    place: str
    description: str
    severity: str
    basis: str
    work: str
    code: str = ""
    severity_reason: str = ""


@dataclass(frozen=True)
class VisitReport:
    """All that the report of a visit records; the rows of ``rooms``, ``answers`` and ``measures`` are those of its tables.

    ``number`` above 1 corrects the report before it, for its ``reason``. ``signature`` says in a sentence whether the person
    present signed; ``drawing`` is what they drew.
    """

    number: int
    purpose: str
    visit: VisitMade
    conclusion: str
    grid: str
    reason: str = ""
    corrects_on: date | None = None
    mandate: str = ""
    consent: bool | None = None
    consent_note: str = ""
    rooms: list[list[str]] = field(default_factory=list)
    rooms_not_visited: str = ""
    observations: list[str] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    answers: list[tuple[str, list[list[str]]]] = field(default_factory=list)
    measures: list[list[str]] = field(default_factory=list)
    photos: list[Figure] = field(default_factory=list)
    photos_left_out: list[str] = field(default_factory=list)
    signature: str = ""
    drawing: str = ""


@dataclass(frozen=True)
class PoliceNote:
    """What the service tells the authority that holds the police power; ``facts`` and ``measures`` are its own paragraphs."""

    recipient: list[str]
    visit: VisitMade
    facts: list[str]
    measures: list[str]
    author: str
    capacity: str
    occupants: str = ""
    photos: list[Figure] = field(default_factory=list)


@dataclass(frozen=True)
class Proceeding:
    """A sanction as its acts name it: who is blamed for what, about which dwelling, found when and by whom.

    ``facts`` are the service's own paragraphs; ``earlier`` names the breach that raises the maximum, where there is one.
    """

    issuer: Issuer
    number: str
    breach: Breach
    person: Party
    recipient: list[str]
    address: str
    perimeter: Perimeter
    found_on: date
    found_by: str
    source: str
    facts: list[str]
    cap: int
    case: str = ""
    siret: str = ""
    let_on: date | None = None
    competence: str = ""
    earlier: str = ""


@dataclass(frozen=True)
class Answered:
    """What came of the letter: when it was presented, what the person wrote or said, and whether they mended the breach."""

    letter_on: date
    presented_on: date
    until: date
    observations_on: date | None = None
    heard_on: date | None = None
    regularised_on: date | None = None
    receipt: str = ""


@dataclass(frozen=True)
class Fine:
    """What is ordered and why; ``exception`` says why a breach that was mended is fined all the same (CRPA L.123-1)."""

    amount: int
    reasons: list[str]
    exception: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Debt:
    """What the public accountant must recover, and the act that says so."""

    amount: int
    fined_on: date
    notified_on: date
    signatory: str
