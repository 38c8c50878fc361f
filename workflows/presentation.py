"""How the state and the clock of a case are shown: words, icon and colour family, from values already loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, radians
from typing import Any, Protocol

from inspections.enums import Severity
from inspections.models import Visit
from permis.enums import State
from permis.models import Application, SanctionEntry
from permis.models.journal import Entry
from workflows.dossier import Line, Standing

# Family of colour and icon of each state; two states of one family differ by their icon.
BADGES = {
    State.DRAFT: ("", "pencil"),
    State.SUBMITTED: ("is-info", "inbox-fill"),
    State.OUT_OF_SCOPE: ("", "slash-circle"),
    State.INCOMPLETE: ("is-warn", "file-earmark-x"),
    State.UNDER_REVIEW: ("is-info", "folder2-open"),
    State.AWAITING_DECISION: ("is-sign", "pen-fill"),
    State.DECISION_SIGNED: ("is-sign", "send-fill"),
    State.GRANTED: ("is-ok", "check-circle-fill"),
    State.GRANTED_CONDITIONAL: ("is-warn", "exclamation-triangle-fill"),
    State.GRANTED_TACIT: ("is-ok", "clock-history"),
    State.REFUSED: ("is-danger", "x-octagon-fill"),
    State.WITHDRAWN: ("", "box-arrow-left"),
    State.CLOSED_INCOMPLETE: ("", "archive-fill"),
    State.USED: ("is-ok", "key-fill"),
    State.LAPSED: ("", "calendar-x-fill"),
    State.REVOKED: ("is-danger", "slash-circle-fill"),
    State.REPEALED: ("is-danger", "dash-circle-fill"),
    State.ANNULLED: ("is-danger", "bank2"),
    State.RECEIPTED: ("is-ok", "file-earmark-check-fill"),
    State.EXPIRED: ("", "arrow-repeat"),
}
SEVERITIES = {
    Severity.DANGER: ("is-danger", "exclamation-octagon-fill"),
    Severity.BLOCKING: ("is-warn", "slash-circle-fill"),
    Severity.RESERVE: ("is-info", "exclamation-triangle-fill"),
    Severity.OBSERVATION: ("", "chat-left-text"),
}
# What a landlord must not read before the notification looks like a case under review.
HIDDEN_FROM_LANDLORD = {State.AWAITING_DECISION: State.UNDER_REVIEW, State.DECISION_SIGNED: State.UNDER_REVIEW}


class Clocked(Protocol):
    """A case, or what is kept of it elsewhere: all that its badge and its chip read."""

    @property
    def state(self) -> str: ...
    @property
    def is_declaration(self) -> bool: ...
    @property
    def is_provisional(self) -> bool: ...
    @property
    def clock_started_on(self) -> date | None: ...
    @property
    def tacit_on(self) -> date | None: ...
    @property
    def held_until(self) -> date | None: ...
    @property
    def notified_on(self) -> date | None: ...
    @property
    def respond_by(self) -> date | None: ...
    @property
    def receipt_due_on(self) -> date | None: ...
    @property
    def receipted_on(self) -> date | None: ...


@dataclass(frozen=True)
class Badge:
    label: str
    family: str
    icon: str

    @classmethod
    def of(cls, state: str, *, for_landlord: bool = False) -> Badge:
        known = State(state)
        if for_landlord:
            known = HIDDEN_FROM_LANDLORD.get(known, known)
        family, icon = BADGES[known]
        return cls(known.landlord_label if for_landlord else str(known.label), family, icon)

    @classmethod
    def of_case(cls, case: Clocked, *, for_landlord: bool = False) -> Badge:
        """The badge of its state, where that says it all.

        A decision that waits online is told to its landlord, a declaration that was completed in time is no more waited for, and
        nobody withdraws a « demande » where they made a declaration.
        """
        if case.is_declaration and case.state == State.INCOMPLETE and case.respond_by is None:
            return cls(
                "Pièces reçues, en cours de vérification" if for_landlord else "Pièces reçues – à vérifier",
                *BADGES[State.SUBMITTED],
            )
        if for_landlord and case.state == State.DECISION_SIGNED and case.held_until is not None:
            return cls("Décision à ouvrir", "is-warn", "envelope-open")
        if case.is_declaration and case.state == State.WITHDRAWN and for_landlord:
            return cls("Déclaration retirée", *BADGES[State.WITHDRAWN])
        return cls.of(case.state, for_landlord=for_landlord)

    @classmethod
    def of_piece(cls, line: Line, *, for_landlord: bool = False) -> Badge:
        """« Acceptée », of a piece, to the service; « Accepté », of a diagnostic, to its landlord."""
        return (TO_LANDLORD if for_landlord else TO_OFFICER)[line.standing]

    @classmethod
    def of_severity(cls, severity: Severity) -> Badge:
        return cls(str(severity.label), *SEVERITIES[severity])


TO_OFFICER = {
    Standing.MISSING: Badge("À fournir", "is-warn", "exclamation-triangle-fill"),
    Standing.ABSENT: Badge("Non fournie", "is-off", "dash-circle"),
    Standing.UNFIT: Badge("À remplacer", "is-danger", "x-octagon-fill"),
    Standing.EXPIRED: Badge("Expirée", "is-danger", "calendar-x-fill"),
    Standing.ACCEPTED: Badge("Acceptée", "is-ok", "check-circle-fill"),
    Standing.WAITING: Badge("Examen du fichier en cours", "is-info", "hourglass-split"),
    Standing.GIVEN: Badge("À vérifier", "is-info", "question-circle"),
}
TO_LANDLORD = TO_OFFICER | {
    Standing.MISSING: Badge("À ajouter", "", "circle"),
    Standing.ABSENT: Badge("Facultatif", "is-off", "dash-circle"),
    Standing.EXPIRED: Badge("Expiré", "is-danger", "calendar-x-fill"),
    Standing.ACCEPTED: Badge("Accepté", "is-ok", "check-circle-fill"),
    Standing.WAITING: Badge("Vérification en cours", "is-info", "hourglass-split"),
    Standing.GIVEN: Badge("Reçu", "is-ok", "check-circle"),
}
ASKED = Badge("Demandé par le service", "is-warn", "exclamation-triangle-fill")


@dataclass(frozen=True)
class ClockChip:
    """« Échéance 14/12/2026 · J-6 »: never the days without the date. ``used`` is the share of the month gone, in percent."""

    label: str
    day: date | None = None
    days_left: int | None = None
    family: str = ""
    icon: str = "clock"
    used: int | None = None
    passed: str = "dépassée"

    @property
    def countdown(self) -> str:
        if self.days_left is None:
            return ""
        if self.days_left < 0:
            return f"{self.passed} de {-self.days_left} j"
        return f"J-{self.days_left}" if self.days_left else "aujourd’hui"

    @property
    def spoken(self) -> str:
        if not self.days_left or self.days_left < 0:
            return ""
        return "demain" if self.days_left == 1 else f"dans {self.days_left} jours"

    @classmethod
    def of(cls, case: Clocked, *, today: date, for_landlord: bool = False) -> ClockChip | None:
        """The chip of a case, or None where no clock says anything any more."""
        state = State(case.state)
        if case.is_declaration:
            return cls._of_declaration(case, today=today, for_landlord=for_landlord)
        if state == State.DECISION_SIGNED and case.held_until and case.tacit_on and today > case.tacit_on:
            return cls("À ouvrir avant le", case.held_until, (case.held_until - today).days, "is-warn", "hourglass-split")
        if state in State.clock_running() and case.tacit_on and case.clock_started_on:
            return cls._running(case, case.clock_started_on, case.tacit_on, today=today, for_landlord=for_landlord)
        if state in (State.INCOMPLETE, State.SUBMITTED):
            return cls("Délai non commencé", family="is-off", icon="pause-circle")
        if state in State.notified() and case.notified_on:
            return cls("Notifiée le", case.notified_on, family="is-ok", icon="check2-circle")
        if state == State.GRANTED_TACIT and case.tacit_on:
            return cls("Silence gardé jusqu’au", case.tacit_on, family="is-ok", icon="clock-history")
        return None

    @classmethod
    def of_works(cls, due_on: date, *, today: date) -> ClockChip:
        """The term that a decision leaves for works."""
        left = (due_on - today).days
        family, icon = ("is-danger", "exclamation-octagon-fill") if left < 0 else ("", "tools")
        return cls("Travaux", due_on, left, family, icon, passed="en retard")

    @classmethod
    def _of_declaration(cls, case: Clocked, *, today: date, for_landlord: bool) -> ClockChip | None:
        """The week of the receipt, or the time left to complete; nobody's silence decides anything (CCH R.634-3)."""
        if case.state == State.RECEIPTED and case.receipted_on:
            return cls("Récépissé du", case.receipted_on, family="is-ok", icon="check2-circle")
        if case.state not in State.open():
            return None
        if case.respond_by:
            return cls(
                "À compléter avant le", case.respond_by, (case.respond_by - today).days, icon="pause-circle", passed="en retard"
            )
        if case.receipt_due_on is None:
            return None
        left = (case.receipt_due_on - today).days
        is_late = left < 0 and not for_landlord
        family, icon = ("is-danger", "exclamation-octagon-fill") if is_late else ("", "clock")
        if 0 <= left <= 2 and not for_landlord:
            family, icon = "is-warn", "hourglass-split"
        # A landlord is given the day, and never counts how late the service is.
        counted = left if left >= 0 or is_late else None
        return cls("Récépissé dû le", case.receipt_due_on, counted, family, icon, passed="en retard")

    @classmethod
    def _running(cls, case: Clocked, started_on: date, tacit_on: date, *, today: date, for_landlord: bool) -> ClockChip:
        left = (tacit_on - today).days
        month = max((tacit_on - started_on).days, 1)
        used = min(max(round(100 * (today - started_on).days / month), 0), 100)
        label = "Provisoire" if case.is_provisional else "Réponse avant le" if for_landlord else "Échéance"
        family, icon = ("", "clock")
        if not for_landlord and left <= 2:
            family, icon = "is-danger", "exclamation-octagon-fill"
        elif not for_landlord and left <= 5:
            family, icon = "is-warn", "hourglass-split"
        return cls(label, tacit_on, left, family, icon, used)


@dataclass(frozen=True)
class Mark:
    """A point of the ruler; ``kind`` is its class in the drawing, ``x`` its place on a scale of 300."""

    kind: str
    label: str
    day: date
    x: float

    @property
    def left(self) -> str:
        """Left edge of the mark, kept inside the ruler; a string, so that no French comma enters the drawing."""
        return f"{min(max(self.x - 1.5, 0), 297):.1f}"


@dataclass(frozen=True)
class Ruler:
    """The month drawn a tick a day; the same marks are said in words under it."""

    ticks: list[tuple[str, bool]]
    used: str
    marks: list[Mark]

    @classmethod
    def of(cls, case: Application, *, visits: Sequence[Visit], today: date) -> Ruler | None:
        start, end = case.clock_started_on, case.tacit_on
        if case.is_declaration:
            start, end = case.completed_on or case.received_on, case.receipt_due_on
        if start is None or end is None or case.state == State.DRAFT:
            return None
        length = max((end - start).days, 1)

        def place(day: date) -> float:
            return round(300 * min(max((day - start).days, 0), length) / length, 1)

        completed = "Pièces reçues" if case.is_declaration else "Dossier complété"
        opened = "Réexamen ordonné" if case.reexamine_by else completed if case.completed_on else "Dépôt"
        marks = [Mark("used", opened, start, 0)]
        marks += [
            Mark("visit", "Visite", day, place(day))
            for visit in visits
            if start <= (day := case.authority.local(visit.starts_at).date()) <= end
        ]
        is_running = case.state in (State.open() if case.is_declaration else State.clock_running())
        if is_running and start <= today <= end:
            marks.append(Mark("now", "Aujourd’hui", today, place(today)))
        elif case.notified_on:
            marks.append(Mark("now", "Notification", case.notified_on, place(case.notified_on)))
        elif case.receipted_on:
            marks.append(Mark("now", "Récépissé", case.receipted_on, place(case.receipted_on)))
        marks.append(Mark("end", "Récépissé dû" if case.is_declaration else "Dernier jour pour notifier", end, 300))
        reached = case.notified_on or case.receipted_on or today
        ticks = [(str(place(start + timedelta(days=n))), n % 10 == 0 or n == length) for n in range(length + 1)]
        return cls(ticks, str(place(reached)), marks)


@dataclass(frozen=True)
class Overtaken:
    """What a person who came second is told: what was done before them, by whom and when."""

    title: str
    entry: Entry | SanctionEntry | None

    @classmethod
    def of(cls, case: Application, *, for_landlord: bool = False) -> Overtaken:
        entries = case.journal.for_landlord() if for_landlord else case.journal.all()
        is_decided = case.outcome or case.state == State.GRANTED_TACIT
        is_told = is_decided and not (for_landlord and case.state in HIDDEN_FROM_LANDLORD)
        return cls("Déjà décidé" if is_told else "Déjà fait", entries.order_by("-position").first())


def outline(geometry: dict[str, Any] | None, *, size: int = 300, margin: int = 12) -> list[str]:
    """The polygons of a zone as SVG paths in a square, north up, longitudes narrowed to the latitude."""
    if geometry is None:
        return []
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    points = [point for polygon in polygons for ring in polygon for point in ring]
    west, south = (min(point[axis] for point in points) for axis in (0, 1))
    east, north = (max(point[axis] for point in points) for axis in (0, 1))
    narrow = cos(radians((south + north) / 2))
    scale = (size - 2 * margin) / max((east - west) * narrow, north - south, 1e-9)

    def place(point: Sequence[float]) -> str:
        return f"{margin + (point[0] - west) * narrow * scale:.1f} {margin + (north - point[1]) * scale:.1f}"

    return [" ".join("M" + " L".join(place(point) for point in ring) + "Z" for ring in polygon) for polygon in polygons]
