"""A permit born of silence is counted as such whatever became of it, alike in the figures, the report, the files and the open data."""

from datetime import date, timedelta

import pytest

from permis.enums import State
from permis.litigation import Judgment
from permis.models import Application
from tests import factories
from tests.workflows.contested import again, seized
from tests.workflows.test_actions import DEPOSIT, file
from tests.workflows.test_rights import STAFF
from workflows.actions import clock, court
from workflows.exports import columns, opendata
from workflows.models import Tally
from workflows.statistics import annual, recount
from workflows.statistics.measures import Measure

pytestmark = pytest.mark.django_db
SEIZED, JUDGED = date(2026, 5, 4), date(2026, 9, 1)


@pytest.fixture
def boss(town):
    return factories.member(town, *STAFF)


@pytest.fixture
def tacit(town):
    case = file(factories.ApplicationFactory(authority=town), on=DEPOSIT)
    return clock.grant_tacitly(case, on=case.tacit_on + timedelta(1))


def judged(case, boss, judgment, **more):
    facts = {"judged_on": JUDGED, "notified_on": JUDGED, "judgment_sha256": "a" * 64}
    court.judge(seized(again(case), boss, on=SEIZED), judgment=judgment, by=boss, on=JUDGED, **facts, **more)
    return again(case)


def told(town):
    """How many permits born of silence each of the four says."""
    report = dict(line for part in annual.of(town, year=2026, on=JUDGED).sections for line in part.rows)
    (silent,) = columns.chosen(["silence"])
    return (
        sum(Tally.objects.filter(measure=Measure.OUTCOME, key="tacit").values_list("n", flat=True)),
        int(report["Autorisations tacites"].split()[0]),
        sum(each.outcome == opendata.TACIT for each in opendata._taken(town, until=date(2026, 6, 30))),
        Application.objects.annotate(cell=silent.on(JUDGED)).filter(cell="oui").count(),
    )


def test_a_permit_that_a_judge_annuls_was_born_of_silence(town, boss, tacit):
    assert told(town) == (1, 1, 1, 1)
    assert judged(tacit, boss, Judgment.ANNULLED).state == State.ANNULLED
    assert told(town) == (1, 1, 1, 1)
    assert recount.recount().is_right


def test_a_request_that_a_judge_has_examined_again_is_not_answered_yet(town, boss, tacit):
    assert judged(tacit, boss, Judgment.ANNULLED_REEXAMINE, reexamine_within_days=60).state == State.UNDER_REVIEW
    assert told(town) == (0, 0, 0, 0)


def test_a_request_examined_again_keeps_the_day_its_file_was_whole(town, boss, tacit):
    """The clock starts anew on the order of the judge, the file does not: no delay of a hundred days is added to the median."""
    delays = Tally.objects.filter(measure=Measure.COMPLETE).order_by().values_list("day", "key").distinct
    assert list(delays()) == [(DEPOSIT.replace(day=1), "0")]
    assert judged(tacit, boss, Judgment.ANNULLED_REEXAMINE, reexamine_within_days=60).clock_started_on == JUDGED
    assert list(delays()) == [(DEPOSIT.replace(day=1), "0")]
    report = dict(line for part in annual.of(town, year=2026, on=JUDGED).sections for line in part.rows)
    assert report["De la réception au dossier complet, médiane"] == "0\N{NO-BREAK SPACE}jour"
