"""Cases that the authority ended, for the tests: a permit revoked or repealed, a request closed for want of its pieces."""

from datetime import date, timedelta

from permis.enums import ConditionMode, Ground, Means, Outcome, PieceKind
from permis.litigation import HearingPurpose
from permis.models import Application
from tests.workflows.contested import letter
from tests.workflows.sending import give
from tests.workflows.test_actions import WORK
from tests.workflows.test_leases import notified
from workflows.actions import completeness, hearing, intake, taking_back

HEARD, ENDED = date(2026, 5, 4), date(2026, 6, 1)
WHY = "que rien n’est fait ;"


def again(record):
    return type(record).objects.get(pk=record.pk)


def revoked(case, boss):
    return take_back(notified(case, boss), boss)


def take_back(granted, boss):
    opened = hearing.open_hearing(
        granted, purpose=HearingPurpose.REVOCATION, reasons=WHY, texts="CCH L. 635-9", means=Means.HAND, by=boss, on=HEARD
    )
    hearing.record_answer(opened, received_on=HEARD, by=boss, on=HEARD)
    act = taking_back.preview_revocation(granted, reasons=WHY, by=boss, on=ENDED)
    return taking_back.revoke(granted, act=act, reasons=WHY, by=boss, on=ENDED)


def repealed(case, boss):
    reasons = {"mode": ConditionMode.DEFERRED, "grounds": [Ground.DECENCY], "works": [WORK | {"due_on": HEARD}]}
    granted = notified(case, boss, Outcome.CONDITIONAL, **reasons)
    hearing.record_answer(letter(granted, boss, on=HEARD), received_on=HEARD, by=boss, on=HEARD)
    act = taking_back.preview_repeal(granted, reasons=WHY, by=boss, on=ENDED)
    return taking_back.repeal(granted, act=act, reasons=WHY, by=boss, on=ENDED)


def closed(case, boss):
    """Reminded, never completed, closed on the first of June."""
    asked = date(2026, 3, 9)
    give(case, PieceKind.PHOTOS, examined=False)
    filed = intake.submit(case, by=case.applicant, on=date(2026, 3, 2))
    completeness.request_missing(
        filed, kinds=[PieceKind.DPE], respond_by=asked + timedelta(30), by=boss, on=asked, reasons={"dpe": "Absent."}
    )
    completeness.remind(again(filed), by=boss, on=HEARD)
    completeness.close_incomplete(again(filed), by=boss, on=ENDED)
    return Application.objects.get(pk=case.pk)
