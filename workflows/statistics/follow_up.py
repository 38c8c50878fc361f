"""The indicators of the follow-up sheet of an action of the Convention Territoriale Globale, signed with the CAF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from permis.enums import Outcome, State
from territories.models import Authority
from workflows.statistics import figures
from workflows.statistics.figures import Figures
from workflows.statistics.measures import Measure
from workflows.statistics.period import Period


@dataclass(frozen=True)
class Indicator:
    """A name, its unit inside the name, the value of the year and of the year before."""

    name: str
    before: str
    now: str


def indicators(authority: Authority, *, year: int, today: date) -> list[Indicator]:
    """What the partners follow: activity, delays, and dwellings made decent."""
    asked = Period(str(year), str(year), date(year, 1, 1), date(year, 12, 31))
    found = figures.read([authority.pk], asked, today=today)
    return [Indicator(name, value(found.before), value(found.total)) for name, value in _INDICATORS]


def _days(found: Figures, measure: Measure, percentile: int = 50) -> str:
    days = found.delay(measure, percentile)
    return "–" if days is None else str(days)


def _share(part: int, whole: int) -> str:
    return f"{part} ({round(100 * part / whole)}\u00a0%)" if whole else str(part)


_INDICATORS = (
    ("Demandes d’autorisation reçues", lambda found: str(found.received)),
    ("Demandes complètes dès le dépôt", lambda found: _share(found.whole, found.received)),
    ("Déclarations reçues", lambda found: str(found.declared)),
    ("Logements visités", lambda found: str(found.total(Measure.VISIT, "first:done"))),
    ("Délai médian de réponse, en jours", lambda found: _days(found, Measure.NOTIFIED)),
    ("Délai que neuf réponses sur dix n’ont pas dépassé, en jours", lambda found: _days(found, Measure.NOTIFIED, 90)),
    ("Autorisations sans réserve", lambda found: _share(found.total(Measure.OUTCOME, Outcome.GRANTED), found.decided)),
    ("Autorisations sous conditions", lambda found: _share(found.conditional, found.decided)),
    ("Refus", lambda found: _share(found.refused, found.decided)),
    ("Autorisations nées du silence", lambda found: _share(found.tacit, found.decided)),
    (
        "Demandes retirées ou classées sans suite",
        lambda found: str(found.total(Measure.ENDED, State.WITHDRAWN, State.CLOSED_INCOMPLETE)),
    ),
    ("Points de travaux prescrits", lambda found: str(found.prescribed)),
    ("Points de travaux constatés faits", lambda found: _share(found.met, found.prescribed)),
    ("Logements remis en état", lambda found: str(found.lifted)),
)
