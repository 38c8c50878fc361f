"""What a page of figures shows: each number with its name, its definition, its change and the cases behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import quote_plus

from django.urls import reverse

from documents.french import MONTHS, NBSP, counted, lower_first, plural
from inspections import grid
from inspections.enums import Purpose, VisitState
from permis.enums import ConditionState, EnergyClass, Ground, Outcome, State
from permis.litigation import AppealKind, AppealState
from workflows.statistics.figures import LATE, LATER, NEAR, TACIT, Figures, Read
from workflows.statistics.measures import Measure
from workflows.statistics.period import Period

MOST_DEFECTS = 10
_SHORT = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
# What had not been done yet when the silence granted the permit.
_CAUSES = {
    State.SUBMITTED: "Pièces jamais vérifiées",
    State.UNDER_REVIEW: "Visite ou projet de décision en attente",
    State.AWAITING_DECISION: "Décision jamais signée",
    State.DECISION_SIGNED: "Décision signée, jamais notifiée à temps",
}
OUTCOMES = (
    (Outcome.GRANTED, "Autorisées", "check-circle-fill", "is-ok"),
    (Outcome.CONDITIONAL, "Autorisées sous conditions", "exclamation-triangle-fill", "is-warn"),
    (Outcome.REFUSED, "Refusées", "x-octagon-fill", "is-danger"),
    (TACIT, "Autorisations tacites", "clock-history", "is-brand"),
)
DELAYS = (
    (Measure.COMPLETE, "De la réception au dossier complet"),
    (Measure.VISITED, "Du dossier complet à la visite"),
    (Measure.NOTIFIED, "Du dossier complet à la notification"),
)
_DROPPED = (State.WITHDRAWN, State.CLOSED_INCOMPLETE, State.OUT_OF_SCOPE)


@dataclass(frozen=True)
class Links:
    """The cases behind the figures, for those who may open them; for the others, a figure leads nowhere."""

    allowed: bool
    period: Period
    commune: str = ""
    against: Period | None = None
    # « collectivite=… » where the page names one authority.
    authority: str = ""

    def cases(self, measure: Measure, *keys: str) -> str:
        """The list of the cases that make this figure."""
        return self._list(f"periode={self.period.key}&mesure={measure}", "valeur", keys, self._compared)

    def due(self, measure: Measure, *terms: str) -> str:
        """The list of the cases that make a figure of today."""
        return self._list(f"mesure={measure}", "terme", terms)

    def _list(self, asked: str, name: str, values: Iterable[str], then: str = "") -> str:
        """The address that asks for all this, in this place; a page holds some fifty of them."""
        if not self.allowed:
            return ""
        said = "".join(f"&{name}={quote_plus(value)}" for value in values)
        return f"{self._address}?{asked}{said}{self._place}{then}"

    @cached_property
    def _address(self) -> str:
        return reverse("figure-cases")

    @cached_property
    def _place(self) -> str:
        return (f"&commune={self.commune}" if self.commune else "") + (f"&{self.authority}" if self.authority else "")

    @property
    def _compared(self) -> str:
        return f"&comparer={self.against.back}" if self.against and not self.against.is_usual else ""


@dataclass(frozen=True)
class Tile:
    """One of the five figures: its change is told in words, with an arrow, and never judged."""

    value: str
    name: str
    change: str
    arrow: str
    definition: str
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """One line of a list of bars: a share of the whole between 0 and 100, and a number; None where it is masked."""

    label: str
    count: int | None
    share: int
    url: str = ""
    icon: str = ""
    family: str = ""


@dataclass(frozen=True)
class Month:
    """Two bars of a month, as tall as their share of the tallest one, between 0 and 100; a count that is masked has none."""

    day: date
    received: int | None
    decided: int | None
    tall_received: int
    tall_decided: int

    @property
    def top_received(self) -> int:
        return 100 - self.tall_received

    @property
    def top_decided(self) -> int:
        return 100 - self.tall_decided

    @property
    def name(self) -> str:
        """« novembre 2026 »."""
        return f"{MONTHS[self.day.month - 1]} {self.day.year}"

    @property
    def short(self) -> str:
        return _SHORT[self.day.month - 1]

    @property
    def initial(self) -> str:
        return self.short[0].upper()


@dataclass(frozen=True)
class Delay:
    label: str
    median: int | None
    ninth: int | None
    before: int | None


def tiles(found: Read, links: Links) -> list[Tile]:
    """The five figures of the top of the page."""
    now, then, against = found.total, found.before, found.against
    median, was = now.delay(Measure.NOTIFIED), then.delay(Measure.NOTIFIED)
    share = f" {percent(now.refused, now.ended)} % des demandes closes." if now.ended else ""
    return [
        Tile(
            str(now.received), plural(now.received, "demande reçue", "demandes reçues"), *change(now.received, then.received, against),
            "Demandes d’autorisation déposées, en ligne ou sur papier.", links.cases(Measure.RECEIVED),
        ),
        Tile(
            "–" if median is None else f"{median}\u00a0j", "délai médian de réponse", *change_of_days(median, was, against),
            "Du dossier complet à la notification. La loi donne un mois.", links.cases(Measure.NOTIFIED),
        ),
        Tile(
            str(now.tacit), plural(now.tacit, "autorisation tacite", "autorisations tacites"), *change(now.tacit, then.tacit, against),
            "Décisions nées du silence. L’objectif est zéro.", links.cases(Measure.OUTCOME, TACIT),
        ),
        Tile(
            str(now.refused), "refus", *change(now.refused, then.refused, against),
            f"Danger, indécence ou arrêté de police.{share}", links.cases(Measure.OUTCOME, Outcome.REFUSED),
        ),
        Tile(
            str(now.lifted), plural(now.lifted, "logement remis en état", "logements remis en état"),
            *change(now.lifted, then.lifted, against), "Travaux prescrits, faits, et conditions levées.", links.cases(Measure.LIFTED),
        ),
    ]  # fmt: skip


def today(found: Read, links: Links) -> list[Tile]:
    """What is open and due now, whatever the period."""
    now = found.total
    return [
        Tile(str(now.open), plural(now.open, "demande ouverte", "demandes ouvertes"), "", "", "Sans décision notifiée à ce jour.", links.due(Measure.OPEN, LATE, NEAR, LATER)),
        Tile(str(now.due_soon), plural(now.due_soon, "échéance ≤ 5\u00a0jours", "échéances ≤ 5\u00a0jours"), "", "", "À notifier sans attendre.", links.due(Measure.OPEN, LATE, NEAR)),
        Tile(str(now.overdue), plural(now.overdue, "échéance passée", "échéances passées"), "", "", "Le silence sera constaté dans la journée." if now.overdue else "Aucun délai n’est passé sans réponse.", links.due(Measure.OPEN, LATE)),
        Tile(
            str(now.late_works), "travaux en retard", "", "", "Prescrits, non faits, leur terme passé.", links.due(Measure.WORKS_DUE, LATE)
        ),
    ]  # fmt: skip


def months(found: Read) -> list[Month]:
    """Applications received and decisions that took effect, month by month."""
    return drawn((day, counts[Measure.RECEIVED], counts[Measure.OUTCOME]) for day, counts in found.months.items())


def drawn(monthly: Iterable[tuple[date, int | None, int | None]]) -> list[Month]:
    """Months of so many applications and decisions, the tallest bar at its full height."""
    known = list(monthly)
    tallest = max((n or 0 for _, *counts in known for n in counts), default=0) or 1
    return [
        Month(day, received, decided, round(100 * (received or 0) / tallest), round(100 * (decided or 0) / tallest))
        for day, received, decided in known
    ]


def outcomes(now: Figures, links: Links) -> list[Bar]:
    """How the applications that came to an end ended."""
    bars = [
        Bar(
            label,
            count := now.total(Measure.OUTCOME, key),
            percent(count, now.ended),
            links.cases(Measure.OUTCOME, key),
            icon,
            family,
        )
        for key, label, icon, family in OUTCOMES
    ]
    dropped = Bar(
        "Sans suite, retirées ou hors champ", now.dropped, percent(now.dropped, now.ended), links.cases(Measure.ENDED, *_DROPPED), "archive-fill"
    )  # fmt: skip
    return [*bars, dropped]


def causes(now: Figures, links: Links) -> list[Bar]:
    """Each tacit permit by what was left to do."""
    return _bars(Measure.TACIT, list(_CAUSES.items()), now, links)


def grounds(now: Figures, links: Links) -> list[Bar]:
    """The grounds of refusals and of conditions; a decision may cite several."""
    named = [
        (f"{outcome}:{ground}", f"{title} : {lower_first(Ground(ground).label)}")
        for outcome, title in ((Outcome.REFUSED, "Refus"), (Outcome.CONDITIONAL, "Conditions"))
        for ground in Ground
    ]
    return _bars(Measure.GROUND, named, now, links)


def defects(now: Figures, links: Links) -> list[Bar]:
    """The points of the grid at which most defects were found."""
    titles = {item.code: item.title for section in grid.national().sections for item in section.items}
    most = now.of(Measure.DEFECT).most_common(MOST_DEFECTS)
    return _bars(
        Measure.DEFECT,
        [(code, titles.get(code, f"Point {code} de votre grille" if code else "Hors grille")) for code, _ in most],
        now,
        links,
    )


def energy(now: Figures, links: Links) -> list[Bar]:
    """The energy classes of the dwellings, A to G."""
    return _bars(Measure.ENERGY, [(each.value, f"Classe {each.value}") for each in EnergyClass], now, links)


def visits(now: Figures, links: Links) -> list[Bar]:
    """What became of the visits."""
    ends = (VisitState.DONE, VisitState.NO_SHOW, VisitState.ACCESS_REFUSED, VisitState.PLANNED)
    named = [(f"{purpose}:{state}", f"{purpose.label} : {state.label.lower()}") for purpose in Purpose for state in ends]
    return _bars(Measure.VISIT, named, now, links)


def works(now: Figures, links: Links) -> list[Bar]:
    """The prescribed works by what became of them."""
    return _bars(Measure.WORKS, [(state, state.label) for state in ConditionState], now, links)


def appeals(now: Figures, links: Links) -> list[Bar]:
    """Appeals to the authority and to the court, by where they stand."""
    named = [
        (f"{kind}:{state}", f"{kind.label} : {state.label.lower()}") for kind in AppealKind for state in AppealState.of(kind)
    ]
    return _bars(Measure.APPEAL, named, now, links)


def delays(found: Read) -> list[Delay]:
    """The three delays, in days: half of the cases took no longer than the median, nine in ten no longer than the next."""
    now, then = found.total, found.before
    return [Delay(label, now.delay(measure), now.delay(measure, 90), then.delay(measure)) for measure, label in DELAYS]


def definitions() -> list[tuple[str, str]]:
    """Each figure of the page and what it counts, for the foot of the page and for the report."""
    return [(_NAMES[measure], str(measure.label)) for measure in Measure if measure in _NAMES]


def name_of_due(measure: Measure, terms: Collection[str]) -> str:
    """The same, of what is due today."""
    if measure == Measure.WORKS_DUE:
        return "Travaux en retard" if set(terms) == {LATE} else "Travaux à faire"
    if LATER in terms:
        return "Demandes ouvertes"
    return "Échéances ≤ 5\u00a0jours" if NEAR in terms else "Échéances passées"


def name_of(measure: Measure, keys: Sequence[str]) -> str:
    """What a list of cases is a list of: « Décisions : refus »."""
    labels = [label for key in keys if (label := _LABELS.get((measure, key)))]
    name = _NAMES.get(measure, "Dossiers")
    return f"{name} : {', '.join(labels)}" if labels else name


_NAMES = {
    Measure.RECEIVED: "Demandes reçues",
    Measure.OPEN: "Demandes ouvertes, échéances",
    Measure.REQUEST: "Demandes de pièces",
    Measure.COMPLETE: "Délai de complétude",
    Measure.VISITED: "Délai de visite",
    Measure.NOTIFIED: "Délai de réponse",
    Measure.OUTCOME: "Décisions",
    Measure.TACIT: "Autorisations tacites",
    Measure.GROUND: "Motifs",
    Measure.DEFECT: "Défauts",
    Measure.ENERGY: "Classes énergétiques",
    Measure.VISIT: "Visites",
    Measure.WORKS: "Travaux",
    Measure.WORKS_DUE: "Travaux en retard",
    Measure.LIFTED: "Logements remis en état",
    Measure.ENDED: "Sans suite, retirées",
    Measure.APPEAL: "Recours",
}


def _bars(measure: Measure, named: Iterable[tuple[str, str]], now: Figures, links: Links) -> list[Bar]:
    """Those that have a count, each as long as its share of the longest."""
    found = [(str(key), label, count) for key, label in named if (count := now.of(measure)[str(key)])]
    longest = max((count for _, _, count in found), default=0)
    return [Bar(label, count, percent(count, longest), links.cases(measure, key)) for key, label, count in found]


def change(now: int, then: int, against: Period) -> tuple[str, str]:
    """« 24 de plus en un an », « 24 de plus qu’en 2024 », and the icon of its arrow."""
    if now == then:
        return f"{then} un an plus tôt" if against.is_usual else f"autant {against.than}", "arrow-right"
    words = f"{abs(now - then)} de {'plus' if now > then else 'moins'} {against.than}"
    return words, "arrow-up-right" if now > then else "arrow-down-right"


def change_of_days(now: int | None, then: int | None, against: Period) -> tuple[str, str]:
    """« 3 jours de moins en un an »; nothing where one of the two has no delay."""
    if now is None or then is None:
        return "", ""
    if now == then:
        return f"{then}{NBSP}j un an plus tôt" if against.is_usual else f"autant {against.than}", "arrow-right"
    days = counted(abs(now - then), "jour", "jours")
    words = f"{days} de {'plus' if now > then else 'moins'} {against.than}"
    return words, "arrow-up-right" if now > then else "arrow-down-right"


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


_LABELS = {
    **{(Measure.OUTCOME, str(key)): label.lower() for key, label, _, _ in OUTCOMES},
    **{(Measure.TACIT, str(state)): label.lower() for state, label in _CAUSES.items()},
    **{(Measure.ENDED, str(state)): state.label.lower() for state in _DROPPED},
    **{(Measure.ENERGY, str(each)): f"classe {each.value}" for each in EnergyClass},
    **{(Measure.WORKS, str(state)): state.label.lower() for state in ConditionState},
    **{
        (Measure.VISIT, f"{purpose}:{state}"): f"{purpose.label.lower()}, {state.label.lower()}"
        for purpose in Purpose
        for state in VisitState
    },
    **{
        (Measure.APPEAL, f"{kind}:{state}"): f"{kind.label.lower()}, {state.label.lower()}"
        for kind in AppealKind
        for state in AppealState
    },
    **{(Measure.GROUND, f"{outcome}:{ground}"): lower_first(ground.label) for outcome in Outcome for ground in Ground},
}

Maker = Callable[[Figures, Links], list[Bar]]
# The lists of bars of the page: key, title, what to say while there is none, and how they are made.
LISTS: Sequence[tuple[str, str, str, Maker]] = (
    ("causes", "Autorisations tacites : ce qui restait à faire", "Aucune autorisation n’est née du silence.", causes),
    ("motifs", "Motifs des refus et des conditions", "Aucun refus, aucune condition.", grounds),
    ("defauts", "Défauts les plus relevés", "Aucun défaut relevé en visite.", defects),
    ("travaux", "Travaux prescrits", "Aucuns travaux prescrits.", works),
    ("visites", "Visites", "Aucune visite.", visits),
    ("energie", "Classe énergétique des logements", "Aucune classe connue.", energy),
    ("recours", "Recours", "Aucun recours.", appeals),
)
