"""The annual report of an authority: what was asked, decided, visited and mended in one year (CCH L.635-1 III, R.635-5).

Frozen as data when it is transmitted. No personal data. Each part of the report is one function of `_PARTS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median_low
from typing import Any

from django.db.models import Count, Q

from documents.french import NBSP, counted, lower_first
from inspections.enums import Purpose, VisitState
from inspections.models import Visit
from notifications.ledger import RecipientKind
from notifications.models import Transmission
from permis import silence
from permis.enums import ConditionState, Ground, Outcome, State
from permis.models import Application, Decision, PrescribedWork
from permis.models.afterlife import FOLLOWS_WORKS
from permis.models.application import ApplicationQuerySet
from permis.sanctions import euros
from territories.enums import Regime
from territories.models import Authority, Commune
from workflows.statistics import board, figures, measures, sanctions
from workflows.statistics.charts import MonthCount
from workflows.statistics.figures import Read
from workflows.statistics.measures import Measure
from workflows.statistics.period import Period

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    title: str
    rows: Rows


@dataclass(frozen=True)
class AnnualReport:
    """Its figures, and the day they were drawn."""

    year: int
    drawn_on: date
    sections: list[Section]
    summary: list[str] = field(default_factory=list)
    months: list[MonthCount] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        parts = [{"titre": part.title, "lignes": [list(row) for row in part.rows]} for part in self.sections]
        return {
            "annee": self.year,
            "arrete_le": self.drawn_on.isoformat(),
            "rapport": parts,
            "essentiel": self.summary,
            "mois": [[each.label, each.received, each.decided] for each in self.months],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> AnnualReport:
        sections = [Section(part["titre"], [(label, value) for label, value in part["lignes"]]) for part in data["rapport"]]
        months = [MonthCount(*each) for each in data.get("mois", [])]
        return cls(data["annee"], date.fromisoformat(data["arrete_le"]), sections, data.get("essentiel", []), months)


@dataclass(frozen=True)
class _Year:
    """What the parts of the report count from."""

    authority: Authority
    year: int
    drawn_on: date

    @property
    def days(self) -> tuple[date, date]:
        return date(self.year, 1, 1), date(self.year, 12, 31)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return self.authority.midnight(date(self.year, 1, 1)), self.authority.midnight(date(self.year + 1, 1, 1))

    def cases(self, **conditions: Any) -> ApplicationQuerySet:
        return Application.objects.filter(authority=self.authority, **conditions).exclude(state=State.DRAFT)


def of(authority: Authority, *, year: int, on: date) -> AnnualReport:
    """The report of a year as it stands on this day."""
    scope = _Year(authority, year, on)
    sections = [Section(title, rows) for title, make in _PARTS if (rows := make(scope))]
    found = figures.read([authority.pk], Period(str(year), str(year), *scope.days), today=on)
    return AnnualReport(year, on, sections, summary_of(found, authority, year), _months(found))


def summary_of(found: Read, authority: Authority, year: int) -> list[str]:
    """The year in a few sentences, that a council hears before the tables."""
    now, then = found.total, found.before
    median = now.delay(Measure.NOTIFIED)
    told = [
        f"En {year}, {authority.name} a reçu {counted(now.received, 'demande', 'demandes')} d’autorisation préalable de mise en "
        f"location ({then.received} l’année précédente) et {counted(now.declared, 'déclaration', 'déclarations')}.",
        f"{counted(now.decided, 'décision a pris effet', 'décisions ont pris effet')} : {now.granted} sans réserve, "
        f"{now.conditional} sous conditions, {now.refused} refus, {now.tacit} par le silence.",
    ]
    if median is not None:
        told.append(
            f"La moitié des réponses a été notifiée en {counted(median, 'jour', 'jours')} ou moins après le dossier complet, neuf sur dix "
            f"en {counted(now.delay(Measure.NOTIFIED, 90) or 0, 'jour', 'jours')} ; la loi donne un mois."
        )
    if now.prescribed:
        told.append(
            f"{counted(now.prescribed, 'point de travaux a été prescrit', 'points de travaux ont été prescrits')}, "
            f"{now.met} constatés faits ; {counted(now.lifted, 'logement a été remis', 'logements ont été remis')} en état."
        )
    return told


def _months(found: Read) -> list[MonthCount]:
    return [MonthCount(each.short, each.received or 0, each.decided or 0) for each in board.months(found)]


def transmitted(authority: Authority, *, year: int) -> Transmission | None:
    """The report of that year as it was last sent to the EPCI, if it was."""
    sent = Transmission.objects.filter(authority=authority, year=year, sent_on__isnull=False)
    return sent.select_related("recipient", "slip__recipient").order_by("-sent_on", "-pk").first()


def _received(scope: _Year) -> Rows:
    found = scope.cases(received_on__range=scope.days)
    permit = Q(regime=Regime.APML)
    counts = found.aggregate(
        apml=Count("pk", filter=permit),
        dml=Count("pk", filter=Q(regime=Regime.DML)),
        whole=Count("pk", filter=permit & Q(clock_started_on__isnull=False, completed_on__isnull=True)),
        out=Count("pk", filter=permit & Q(state=State.OUT_OF_SCOPE)),
        withdrawn=Count("pk", filter=permit & Q(state=State.WITHDRAWN)),
        closed=Count("pk", filter=permit & Q(state=State.CLOSED_INCOMPLETE)),
        open=Count("pk", filter=permit & Q(state__in=State.open())),
        receipted=Count("pk", filter=Q(state=State.RECEIPTED)),
        expired=Count("pk", filter=Q(state=State.EXPIRED)),
    )
    return [
        ("Demandes d’autorisation (APML)", str(counts["apml"])),
        ("dont complètes dès le dépôt", _share(counts["whole"], counts["apml"])),
        ("dont hors champ", str(counts["out"])),
        ("dont retirées par le demandeur", str(counts["withdrawn"])),
        ("dont classées sans suite", str(counts["closed"])),
        ("dont encore ouvertes", str(counts["open"])),
        ("Déclarations (DML)", str(counts["dml"])),
        ("dont récépissé délivré", str(counts["receipted"])),
        ("dont non complétées dans le délai", str(counts["expired"])),
    ]


def _decided(scope: _Year) -> Rows:
    notified = Q(notified_on__range=scope.days)
    ended = Q(ended_on__range=scope.days)
    counts = scope.cases().aggregate(
        granted=Count("pk", filter=notified & Q(outcome=Outcome.GRANTED)),
        conditional=Count("pk", filter=notified & Q(outcome=Outcome.CONDITIONAL)),
        refused=Count("pk", filter=notified & Q(outcome=Outcome.REFUSED)),
        tacit=Count("pk", filter=silence.BORN & Q(tacit_on__range=scope.days)),
        lifted=Count("pk", filter=Q(lifted_on__range=scope.days)),
        revoked=Count("pk", filter=ended & Q(state=State.REVOKED)),
        repealed=Count("pk", filter=ended & Q(state=State.REPEALED)),
        annulled=Count("pk", filter=ended & Q(state=State.ANNULLED)),
        lapsed=Count("pk", filter=ended & Q(state=State.LAPSED)),
    )
    all_of_them = sum(counts[name] for name in ("granted", "conditional", "refused", "tacit"))
    return [
        ("Décisions et autorisations tacites", str(all_of_them)),
        ("Autorisations", _share(counts["granted"], all_of_them)),
        ("Autorisations sous conditions", _share(counts["conditional"], all_of_them)),
        ("Refus", _share(counts["refused"], all_of_them)),
        ("Autorisations tacites", _share(counts["tacit"], all_of_them)),
        ("Levées de conditions", str(counts["lifted"])),
        ("Retraits", str(counts["revoked"])),
        ("Abrogations", str(counts["repealed"])),
        ("Annulations par le juge", str(counts["annulled"])),
        ("Autorisations devenues caduques", str(counts["lapsed"])),
    ]


def _grounds(scope: _Year) -> Rows:
    decided = Decision.objects.filter(application__authority=scope.authority, application__notified_on__range=scope.days)
    counts: Counter[tuple[str, str]] = Counter()
    for outcome, grounds in decided.values_list("outcome", "grounds"):
        counts.update((outcome, ground) for ground in grounds)
    return [
        (f"{Outcome(outcome).label}{NBSP}: {lower_first(Ground(ground).label)}", str(counts[outcome, ground]))
        for outcome in (Outcome.REFUSED, Outcome.CONDITIONAL)
        for ground in Ground
        if counts[outcome, ground]
    ]


def _delays(scope: _Year) -> Rows:
    completed = scope.cases(regime=Regime.APML, received_on__range=scope.days, clock_started_on__isnull=False)
    facts = completed.values("received_on", "completed_on", "clock_started_on", "reexamined_on")
    received = [(case["received_on"], measures.whole_on(case)) for case in facts]
    to_complete = [(end - start).days for start, end in received if start and end]
    notified = scope.cases(notified_on__range=scope.days, clock_started_on__isnull=False)
    to_notify = [(end - start).days for start, end in notified.values_list("clock_started_on", "notified_on") if start and end]
    return [
        ("De la réception au dossier complet, médiane", _days(to_complete)),
        ("Du dossier complet à la notification, médiane", _days(to_notify)),
        ("Du dossier complet à la notification, le plus long", _in_days(max(to_notify)) if to_notify else "–"),
    ]


def _visits(scope: _Year) -> Rows:
    start, end = scope.moments
    counts = Visit.objects.filter(application__authority=scope.authority, starts_at__gte=start, starts_at__lt=end).aggregate(
        first=Count("pk", filter=Q(state=VisitState.DONE) & ~Q(purpose=Purpose.COUNTER)),
        counter=Count("pk", filter=Q(state=VisitState.DONE, purpose=Purpose.COUNTER)),
        missed=Count("pk", filter=Q(state=VisitState.NO_SHOW)),
        refused=Count("pk", filter=Q(state=VisitState.ACCESS_REFUSED)),
    )
    return [
        ("Visites faites", str(counts["first"])),
        ("Contre-visites faites", str(counts["counter"])),
        ("Visites manquées", str(counts["missed"])),
        ("Accès refusés", str(counts["refused"])),
    ]


def _works(scope: _Year) -> Rows:
    works = PrescribedWork.objects.filter(
        decision__application__authority=scope.authority, decision__application__notified_on__range=scope.days
    )
    awaiting = Application.objects.filter(FOLLOWS_WORKS)
    counts = works.aggregate(
        prescribed=Count("pk"),
        dwellings=Count("decision", distinct=True),
        met=Count("pk", filter=Q(state=ConditionState.MET)),
        unmet=Count("pk", filter=Q(state=ConditionState.UNMET)),
        overdue=Count(
            "pk",
            filter=Q(due_on__lt=scope.drawn_on, decision__application__in=awaiting) & ~Q(state=ConditionState.MET),
        ),
    )
    return [
        ("Travaux prescrits", str(counts["prescribed"])),
        ("Logements concernés", str(counts["dwellings"])),
        ("Travaux constatés faits", _share(counts["met"], counts["prescribed"])),
        ("Travaux constatés non faits", str(counts["unmet"])),
        ("Travaux en retard", str(counts["overdue"])),
    ]


def _transmissions(scope: _Year) -> Rows:
    found = Transmission.objects.filter(authority=scope.authority, opened_on__range=scope.days)
    counted = found.values("kind").annotate(sent=Count("pk", filter=Q(sent_on__isnull=False)), all=Count("pk"))
    lines = {
        kind: f"{sent} sur {everything}" for kind, sent, everything in counted.order_by("kind").values_list("kind", "sent", "all")
    }
    return [(str(kind.label), lines[kind]) for kind in RecipientKind if kind in lines]


def _sanctions(scope: _Year) -> Rows:
    """What goes with the mayor's report on the fines (R.635-5); nothing while there was none."""
    of_year = next((found for found in sanctions.by_year([scope.authority.pk]) if found.year == scope.year), None)
    if of_year is None:
        return []
    return [
        ("Manquements constatés", str(of_year.found)),
        ("Procédures classées", str(of_year.closed)),
        ("Amendes prononcées", str(of_year.fined)),
        ("Montant prononcé", euros(of_year.ordered)),
        ("Montant recouvré", euros(of_year.recovered)),
    ]


def _communes(scope: _Year) -> Rows:
    by_commune = (
        scope.cases(received_on__range=scope.days)
        .values_list("commune")
        .annotate(
            asked=Count("pk", filter=Q(regime=Regime.APML)),
            refused=Count("pk", filter=Q(outcome=Outcome.REFUSED, notified_on__isnull=False)),
            declared=Count("pk", filter=Q(regime=Regime.DML)),
        )
    )
    found = {commune: counts for commune, *counts in by_commune.order_by("commune")}
    names = Commune.objects.filter(pk__in=found).order_by("sort_key").values_list("pk", "name")
    return [(name, _in_commune(*found[pk])) for pk, name in names]


def _in_commune(asked: int, refused: int, declared: int) -> str:
    """« 27, dont refusées : 1 », and the declarations where there are some."""
    told = f"{asked}, dont refusées{NBSP}: {refused}"
    return f"{told}{NBSP}; {counted(declared, 'déclaration', 'déclarations')}" if declared else told


def _share(part: int, whole: int) -> str:
    return f"{part} ({round(100 * part / whole)}{NBSP}%)" if whole else str(part)


def _days(durations: Sequence[int]) -> str:
    """The nearest rank, as `figures.percentile_of`: the tables and the sentences of one report say the same number."""
    return _in_days(median_low(durations)) if durations else "–"


def _in_days(duration: int) -> str:
    return counted(duration, "jour", "jours")


_PARTS: Sequence[tuple[str, Callable[[_Year], Rows]]] = (
    ("Demandes et déclarations reçues", _received),
    ("Décisions", _decided),
    ("Motifs des refus et des conditions", _grounds),
    ("Délais", _delays),
    ("Visites", _visits),
    ("Travaux", _works),
    ("Transmissions obligatoires, envoyées sur dues", _transmissions),
    ("Sanctions", _sanctions),
    ("Demandes et déclarations par commune", _communes),
)
