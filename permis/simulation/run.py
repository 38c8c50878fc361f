"""The run of a scenario: each event is a transition of the application, and between events the clock does its part."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django_fsm import TransitionNotAllowed

from permis import deadlines, guards, pieces, qualification
from permis.enums import Ground, InstallationAge, Outcome, PieceKind, State
from permis.models import Application
from permis.simulation.reading import Happening, Scenario
from territories.calendars import public_holidays

ENERGY_OVERSEAS = {"971", "972", "973", "974", "976"}
ALSO_WARNINGS = {"colocation_ground_expired", "outside_visit_hours", "police_order", "visit_outside_term"}


@dataclass(frozen=True)
class Line:
    on: date
    what: str
    basis: str = ""


@dataclass
class Run:
    """A case in memory, and what a reader of the story must know beside its state."""

    scenario: Scenario
    holidays: Container[date]
    application: Application
    facts: pieces.DwellingFacts
    given: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    received_on: date | None = None
    available_on: date | None = None
    appeal_routes: bool = True
    earliest_entry: date | None = None
    warnings: set[str] = field(default_factory=set)
    refused: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, scenario: Scenario) -> Run:
        dwelling = scenario.dwelling
        return cls(
            scenario=scenario,
            holidays=public_holidays(scenario.department),
            application=Application(police_order=dwelling["police_order_on_building"], separate_leases=scenario.separate_leases),
            facts=pieces.DwellingFacts(
                construction_year=dwelling["construction_year"],
                electricity=_age(dwelling, "electricity_age"),
                gas=_age(dwelling, "gas_age"),
                in_risk_zone=dwelling["in_risk_zone"],
                in_noise_zone=dwelling["in_noise_zone"],
            ),
        )

    def play(self, events: list[Happening], *, as_of: date) -> None:
        """Every event up to ``as_of``, with the clock before each and at the end."""
        for event in events:
            if event.on > as_of:
                break
            self.tick(event.on)
            try:
                getattr(self, f"_{event.type}")(event)
            except guards.Refusal as refusal:
                self._refuse(event, refusal.code, str(refusal))
            except TransitionNotAllowed:
                self._refuse(event, "wrong_state", "L’état du dossier ne le permet pas.")
        self.tick(as_of)

    def tick(self, on: date) -> None:
        """What the clock does by itself up to and including this day."""
        case = self.application
        if self.available_on and case.state == State.DECISION_SIGNED and on > deadlines.reading_ends_on(self.available_on):
            case.notify(on=self.available_on)
            self._tell(
                self.available_on,
                "Décision réputée notifiée le jour de sa mise à disposition, faute d’ouverture",
                "CRPA R.112-20",
            )
        if case.state in State.clock_running() and case.tacit_on and deadlines.is_silence_expired(
            case.tacit_on, on=on, held_until=case.held_until
        ):  # fmt: skip
            self._grant_in_silence(on)
        if case.state in State.authorising() and case.valid_until and on > case.valid_until:
            case.lapse(on=on)
            self._tell(case.valid_until, "Autorisation caduque faute de mise en location connue (présomption)", "CCH R.635-3")

    # -- what is missing

    def missing(self) -> list[str]:
        """Codes of the pieces that the law requires of this dwelling and that are absent or not valid."""
        if self.received_on is None:
            return []
        required = {piece.kind.value for piece in pieces.required(self.facts, on=self.received_on)}
        return sorted(kind for kind in required if kind not in self.given or self.is_expired(kind))

    def is_expired(self, kind: str) -> bool:
        """Only the DPE of a scenario is dated; a piece received after it was asked for is taken as valid."""
        established_on = self.scenario.dwelling["dpe_established_on"]
        if kind != PieceKind.DPE or established_on is None or kind in self.replaced or self.received_on is None:
            return False
        until = pieces.valid_until(PieceKind.DPE, established_on)
        return until is not None and until < self.received_on

    def is_lettable(self) -> bool:
        on = self.scenario.planned_on or self.received_on
        overseas = self.scenario.department in ENERGY_OVERSEAS
        return on is None or pieces.is_lettable(self.scenario.dwelling["energy_class"], on=on, overseas=overseas)

    # -- intake and completeness

    def _submitted(self, event: Happening) -> None:
        competent = event.facts.get("competent", True)
        self.application.submit(number="APML", received_on=event.on, competent=competent)
        self.received_on = event.on
        self.given |= set(event.facts.get("pieces", ()))
        self._tell(event.on, "Demande reçue", "CCH L.635-4")
        if not qualification.is_in_scope(self.scenario.lease_kind):
            self.application.set_out_of_scope(on=event.on)
            self._tell(event.on, "Location hors du champ de l’autorisation", "CCH R.635-1")
        elif competent:
            self._confirm(event.on)

    def _forwarded(self, event: Happening) -> None:
        if self.application.clock_started_on is not None:
            raise guards.WrongState
        self.application.receive_forwarded(on=event.on)
        self._tell(event.on, "Demande reçue de l’autorité incompétente : le délai court", "CRPA L.114-2, L.114-3")
        self._confirm(event.on)

    def _missing_requested(self, event: Happening) -> None:
        asked = set(event.facts["pieces"])
        required = {piece.kind.value for piece in pieces.required(self.facts, on=self.received_on or event.on)}
        if asked - required and self.application.state in State.open():
            self.warnings.add("extra_piece_not_required")
        if self.application.state == State.GRANTED_TACIT:
            self.warnings.add("incomplete_notice_too_late")
            raise guards.TooLate
        if not asked & required and self.application.state in State.open():
            raise guards.UnknownPiece
        until = event.facts.get("respond_by") or deadlines.add_months(event.on, 1)
        self.application.request_missing(on=event.on, respond_by=deadlines.respond_by(until, self.holidays))
        self.asked = asked & required
        self.given -= self.asked
        self._tell(event.on, "Pièces manquantes demandées : le délai partira de la dernière", "CRPA L.114-5")

    def _optional_requested(self, event: Happening) -> None:
        self.application.require_open()
        self.warnings.add("extra_piece_not_required")
        self._tell(event.on, "Pièces facultatives demandées, sans effet sur le délai", "CRPA L.114-5")

    def _pieces_received(self, event: Happening) -> None:
        self.application.require_open()
        received = set(event.facts["pieces"])
        self.given |= received
        self.replaced |= received & self.asked
        self._tell(event.on, "Pièces reçues")
        if self.application.state == State.INCOMPLETE and self.asked <= self.given:
            self.application.complete(on=event.on)
            self.asked = set()
            self._tell(event.on, "Dernière pièce reçue : le mois court de ce jour", "CRPA L.114-3")
        elif self.application.state == State.SUBMITTED:
            self._confirm(event.on)

    def _reminder_sent(self, event: Happening) -> None:
        self.application.remind(on=event.on)
        self._tell(event.on, "Relance envoyée")

    def _closed_incomplete(self, event: Happening) -> None:
        self.application.close_incomplete(on=event.on)
        self._tell(event.on, "Dossier classé sans suite par une décision motivée", "CRPA L.211-2")

    def _withdrawn(self, event: Happening) -> None:
        self.application.withdraw(on=event.on)
        self._tell(event.on, "Demande retirée par le demandeur")

    def _confirm(self, on: date) -> None:
        if self.application.clock_started_on is not None and not self.missing():
            self.application.declare_complete(on=on)
            self._tell(on, "Dossier complet", "CCH L.635-4")

    # -- visits

    def _visit_planned(self, event: Happening) -> None:
        start, end = event.facts["start"], event.facts["end"]
        is_first = event.facts.get("purpose", "first") == "first"
        guards.require_visit_hours(start, end)
        if is_first:
            guards.require_visit_term(start.date(), self.application.tacit_on)
        self.application.require_visitable()
        self._tell(event.on, f"Visite prévue le {start:%d/%m/%Y}", "CCH L.635-3")

    def _visit_done(self, event: Happening) -> None:
        self._require_filed()
        if not deadlines.is_within_visit_hours(event.at.time(), event.at.time()):
            self.warnings.add("outside_visit_hours")
        is_counter = self.application.notified_on is not None
        if not is_counter and not deadlines.is_first_visit_within_term(event.on, self.application.tacit_on):
            self.warnings.add("visit_outside_term")
        self.warnings.discard("access_refused")
        self._tell(event.on, "Visite faite", "CCH L.635-3")

    def _visit_missed(self, event: Happening) -> None:
        self._require_filed()
        self._tell(event.on, "Visite manquée : le délai court toujours", "CCH L.635-3")

    def _access_refused(self, event: Happening) -> None:
        self._require_filed()
        self.warnings.add("access_refused")
        self._tell(event.on, "Accès refusé : le juge peut autoriser la visite, le délai court toujours", "CCH L.635-3")

    # -- decision and notification

    def _decision_signed(self, event: Happening) -> None:
        case = self.application
        if case.state == State.GRANTED_TACIT:
            raise guards.TooLate
        if case.state not in State.clock_running() or case.state == State.DECISION_SIGNED:
            raise guards.WrongState
        outcome = Outcome(event.facts["outcome"])
        grounds = {Ground(ground) for ground in event.facts.get("grounds", ())}
        if self.scenario.separate_leases < 2:
            grounds.discard(Ground.COLOCATION_DIGNITY)
        guards.require_reasons(
            outcome, grounds=grounds, works=event.facts.get("conditions") or 0, police_order=case.police_order, on=event.on
        )
        if case.state == State.SUBMITTED:
            case.declare_complete(on=event.on)
        case.propose_decision(on=event.on)
        case.sign(on=event.on, outcome=outcome, mode=event.facts.get("mode") or "")
        self.appeal_routes = event.facts.get("appeal_routes", True)
        self._tell(event.on, f"Décision signée ({outcome.label.lower()}) ; elle ne compte que notifiée", "CRPA L.221-8")

    def _notice_sent(self, event: Happening) -> None:
        self._require_signed()
        self._tell(event.on, "Décision envoyée")

    def _first_presented(self, event: Happening) -> None:
        self._notify(event, "Première présentation de la lettre recommandée : la décision est notifiée")

    def _handed_over(self, event: Happening) -> None:
        self._notify(event, "Remise en main propre : la décision est notifiée")

    def _collected(self, event: Happening) -> None:
        self._require_signed()
        self._tell(event.on, "Lettre retirée ; seule la première présentation compte")

    def _returned(self, event: Happening) -> None:
        self._require_signed()
        self._tell(event.on, "Lettre revenue ; seule la première présentation compte")

    def _available(self, event: Happening) -> None:
        self._require_signed()
        if self.application.state == State.GRANTED_TACIT:
            raise guards.TooLate
        self.application.make_available(on=event.on)
        self.available_on = event.on
        self._tell(event.on, "Décision mise à disposition en ligne : le silence est tenu quinze jours", "CRPA R.112-20")

    def _opened(self, event: Happening) -> None:
        case = self.application
        if self.available_on is None:
            raise guards.WrongState
        if case.notified_on is not None or case.state == State.GRANTED_TACIT:
            return
        self.available_on = None
        if case.tacit_on is not None and event.on > case.tacit_on:
            case.held_until = None
            self._grant_in_silence(event.on)
            return
        self._notify(event, "Décision ouverte en ligne : elle est notifiée")

    def _notify(self, event: Happening, what: str) -> None:
        case = self.application
        self._require_signed()
        if case.notified_on is not None:
            self._tell(event.on, "Seconde notification : la première compte")
            return
        if case.state == State.GRANTED_TACIT:
            raise guards.TooLate
        case.notify(on=event.on)
        self._tell(event.on, what, "CRPA L.221-8")

    def _conditions_lifted(self, event: Happening) -> None:
        self.application.lift_conditions(on=event.on)
        self._tell(event.on, "Conditions levées ; la durée ne change pas", "CCH L.635-3")

    def _revoked(self, event: Happening) -> None:
        self.application.revoke(on=event.on, adversarial=event.facts.get("adversarial", False))
        self._tell(event.on, "Autorisation retirée", "CRPA L.242-1")

    # -- beside the case

    def _zone_published(self, event: Happening) -> None:
        self.earliest_entry = deadlines.earliest_entry_into_force(event.on)
        entry = event.facts["entry_into_force"]
        if entry is not None and entry < self.earliest_entry:
            self.warnings.add("zone_too_early")
        self._tell(event.on, "Délibération publiée : entrée en vigueur six mois après au plus tôt", "CCH L.635-1")

    def _corrects(self, event: Happening) -> None:
        self._tell(event.on, f"Date de l’événement {event.facts['event']} corrigée : tout est recalculé")

    def _grant_in_silence(self, on: date) -> None:
        case = self.application
        case.grant_tacitly(on=on)
        assert case.tacit_on is not None
        self._tell(case.tacit_on, "Silence gardé un mois : autorisation tacite", "CCH L.635-4")
        if case.outcome == Outcome.REFUSED:
            self.warnings.add("late_refusal")

    def _require_filed(self) -> None:
        if self.application.state == State.DRAFT:
            raise guards.WrongState

    def _require_signed(self) -> None:
        if self.application.signed_on is None:
            raise guards.WrongState

    def _refuse(self, event: Happening, code: str, message: str) -> None:
        self.refused.append({"event": event.index, "code": code, "message": message})
        if code in ALSO_WARNINGS:
            self.warnings.add(code)

    def _tell(self, on: date, what: str, basis: str = "") -> None:
        self.timeline.append(Line(on, what, basis))


def corrected(events: list[Happening]) -> list[Happening]:
    """The events at their right dates, in order of time: a correction moves the event it names."""
    moves: dict[int, datetime] = {
        event.facts["event"]: event.facts["corrected_at"] for event in events if event.type == "corrects"
    }
    moved = [replace(event, at=moves.get(event.index, event.at)) for event in events]
    return sorted(moved, key=lambda event: (event.at, event.index))


def _age(dwelling: dict[str, Any], name: str) -> InstallationAge:
    if name not in dwelling:
        return InstallationAge.UNKNOWN
    age = dwelling[name]
    if age is None:
        return InstallationAge.ABSENT
    return InstallationAge.OLD if age > pieces.OLD_INSTALLATION else InstallationAge.RECENT
