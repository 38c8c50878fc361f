"""A case in memory: the application itself, and what a reader of the story must know beside its state."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from permis import deadlines, guards, pieces
from permis.breaches import Breach, SanctionState
from permis.enums import InstallationAge, PieceKind, State
from permis.litigation import AppealState
from permis.models import Application
from permis.simulation.story import Happening, Scenario
from territories.calendars import public_holidays

ENERGY_OVERSEAS = {"971", "972", "973", "974", "976"}
# The law is silent here: what is applied is drawn from its texts, and the reader is told.
INFERRED = " (règle inférée)"
CODES = {
    "wrong_state", "too_late", "no_ground", "no_works", "police_order", "colocation_ground_expired", "outside_visit_hours",
    "visit_outside_term", "holder_disagrees", "not_adversarial", "prior_works_not_lifted", "regularisation_not_open", "fine_barred",
    "over_cap", "no_reminder", "unknown_piece",
}  # fmt: skip
ALSO_WARNINGS = {
    "colocation_ground_expired", "fine_barred", "outside_visit_hours", "police_order", "regularisation_not_open", "visit_outside_term",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    on: date
    what: str
    basis: str = ""


@dataclass
class Contest:
    """What was done against the decision in force: the appeal to the authority, and the one to the court."""

    administrative: AppealState | None = None
    court: AppealState | None = None
    implicit_rejection_on: date | None = None
    # Whether the appeal now before the authority stops the period to go to court, and from which rejection that one runs again.
    interrupts: bool = False
    rejected_on: date | None = None

    @property
    def state(self) -> AppealState | None:
        return self.court or self.administrative

    @property
    def is_pending(self) -> bool:
        return self.administrative == AppealState.PENDING


@dataclass
class Finding:
    """A breach that was found, and how far its sanction went."""

    breach: Breach
    found_on: date
    repeated: bool
    state: SanctionState = SanctionState.CONSTAT
    observations_until: date | None = None


@dataclass
class Case:
    """Everything the events change."""

    scenario: Scenario
    holidays: Container[date]
    application: Application
    facts: pieces.DwellingFacts
    provided: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    received_on: date | None = None
    competent_on: date | None = None
    answered_reminder: bool = False
    counter_visit: bool = False
    available_on: date | None = None
    appeal_routes: bool = True
    contest: Contest = field(default_factory=Contest)
    finding: Finding | None = None
    is_transferred: bool = False
    earliest_entry: date | None = None
    warnings: set[str] = field(default_factory=set)
    refused: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, scenario: Scenario) -> Case:
        dwelling = scenario.dwelling
        return cls(
            scenario=scenario,
            holidays=public_holidays(scenario.department),
            application=Application(
                regime=scenario.regime,
                lease_kind=scenario.lease_kind,
                police_order=dwelling["police_order_on_building"],
                separate_leases=scenario.separate_leases,
            ),
            facts=pieces.DwellingFacts(
                construction_year=dwelling["construction_year"],
                electricity=_age(dwelling, "electricity_age"),
                gas=_age(dwelling, "gas_age"),
                in_risk_zone=dwelling["in_risk_zone"],
                in_noise_zone=dwelling["in_noise_zone"],
            ),
        )

    @property
    def is_declaration(self) -> bool:
        return self.scenario.is_declaration

    def tell(self, on: date, what: str, basis: str = "", *, inferred: bool = False) -> None:
        self.timeline.append(Line(on, what + (INFERRED if inferred else ""), basis))

    def refuse(self, event: Happening, code: str, message: str) -> None:
        """Keep why the event changes nothing, in the codes of the format."""
        code = code if code in CODES else "wrong_state"
        self.refused.append({"event": event.index, "code": code, "message": message})
        if code in ALSO_WARNINGS:
            self.warnings.add(code)

    # -- pieces and energy

    def required(self, on: date) -> set[str]:
        return {piece.kind.value for piece in pieces.required(self.facts, on=self.received_on or on)}

    def missing(self) -> list[str]:
        """Codes of the pieces that the law requires of this dwelling and that are absent or not valid."""
        if self.received_on is None:
            return []
        return sorted(kind for kind in self.required(self.received_on) if kind not in self.given or self.is_expired(kind))

    def is_expired(self, kind: str) -> bool:
        """Not valid on the day of the deposit, from which completeness is judged."""
        return self._is_past(kind, self.received_on)

    def has_expired_piece(self) -> bool:
        """Past its term at the deposit, or on the day of the lease, for which it is meant (loi 89-462 art. 3-3)."""
        return any(self._is_past(kind, on) for kind in self.provided for on in (self.received_on, self.scenario.planned_on))

    def _is_past(self, kind: str, on: date | None) -> bool:
        """Only the DPE of a story is dated; a piece received after it was asked for is taken as valid."""
        established_on = self.scenario.dwelling["dpe_established_on"]
        if kind != PieceKind.DPE or established_on is None or kind in self.replaced or on is None:
            return False
        until = pieces.valid_until(PieceKind.DPE, established_on)
        return until is not None and until < on

    def is_lettable(self) -> bool:
        on = self.scenario.planned_on or self.received_on
        overseas = self.scenario.department in ENERGY_OVERSEAS
        return on is None or pieces.is_lettable(self.scenario.dwelling["energy_class"], on=on, overseas=overseas)

    # -- what the state must be

    def require_filed(self) -> None:
        if self.application.state == State.DRAFT:
            raise guards.WrongState("Rien n’a encore été déposé.")

    def require_permit(self) -> None:
        """No visit, no decision, no transfer in a declaration (CCH L.634-3)."""
        if self.is_declaration:
            raise guards.WrongState("Une déclaration n’est ni visitée, ni décidée, ni transférée (CCH L. 634-3).")

    def require_competent(self) -> None:
        """An authority that must forward the application neither examines nor decides it (CRPA L.114-2)."""
        self.require_filed()
        if self.competent_on is None:
            raise guards.WrongState("L’autorité compétente n’a pas encore reçu la demande (CRPA L. 114-2).")

    def require_signed(self) -> None:
        if self.application.signed_on is None:
            raise guards.WrongState("Aucune décision n’est signée.")

    # -- what follows from the dates

    @property
    def decided_on(self) -> date | None:
        """The day the permit was granted, expressly or by silence, from which it may be withdrawn (CRPA L.242-1)."""
        application = self.application
        if application.state in (State.ANNULLED, State.WITHDRAWN):
            return None
        if application.notified_on is None and application.valid_until is not None:
            return application.tacit_on
        return application.signed_on if application.outcome not in ("", "refused") else None

    def appeal_until(self) -> date | None:
        """Against a refusal or conditions; again from the rejection of an appeal filed in time (CJA R.421-1, R.421-5, R.421-7)."""
        application, contest = self.application, self.contest
        if application.notified_on is None or application.outcome not in ("refused", "conditional") or not self.appeal_routes:
            return None
        if contest.interrupts and contest.is_pending:
            return None
        start = contest.rejected_on or application.notified_on
        return deadlines.appeal_until(start, abroad=self.scenario.abroad, overseas=self.scenario.overseas, holidays=self.holidays)


def _age(dwelling: dict[str, Any], name: str) -> InstallationAge:
    if name not in dwelling:
        return InstallationAge.UNKNOWN
    age = dwelling[name]
    if age is None:
        return InstallationAge.ABSENT
    return InstallationAge.OLD if age > pieces.OLD_INSTALLATION else InstallationAge.RECENT


def french(moment: date) -> str:
    """A day as a French reader writes it."""
    return f"{moment:%d/%m/%Y}"
