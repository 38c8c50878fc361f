"""A sanction decided: fined or closed, recovered, contested, withdrawn; and what time does by itself."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.enums import Role
from documents import acts
from documents.enums import ActKind
from notifications.enums import Kind
from notifications.models import Message
from permis import guards, sanction_guards
from permis.breaches import SanctionState
from permis.enums import Means
from permis.models import RuleChange, Sanction
from permis.models.sanction_journal import SanctionEvent
from tests import factories
from tests.workflows import sanctioned
from tests.workflows.sanctioned import AFTER, BARRED, PRESENTED, UNTIL, jurist, signatory
from workflows.actions import clock, fines, sanctions
from workflows.guards import TaskGone
from workflows.powers import NoSignaturePower

pytestmark = pytest.mark.django_db


def events(sanction):
    return [entry.event for entry in sanction.journal.order_by("position")]


def kinds(sanction):
    return set(Message.objects.filter(sanction=sanction).values_list("kind", flat=True))


def stored(sanction):
    return Sanction.objects.get(pk=sanction.pk)


def answered(authority, rule, value):
    RuleChange.objects.create(authority=authority, rule=rule, value=value, since=date(2024, 1, 1), by=jurist(authority))


# -- the decision


def test_only_the_month_passed_leads_to_a_decision():
    sanction = sanctioned.presented()
    assert clock.run(sanction.authority, on=UNTIL)["to_decide"] == 0
    assert clock.run(sanction.authority, on=AFTER)["to_decide"] == 1
    assert clock.run(sanction.authority, on=AFTER)["to_decide"] == 0

    assert stored(sanction).state == SanctionState.TO_DECIDE
    assert events(sanction)[-1] == SanctionEvent.TO_DECIDE
    assert Kind.SANCTION_TO_DECIDE in kinds(sanction)


@pytest.mark.parametrize(
    ("on", "times"),
    [(date(2026, 3, 3), 0), (date(2026, 3, 4), 1), (date(2026, 5, 26), 1), (BARRED, 1), (date(2026, 6, 3), 0)],
)
def test_the_bar_is_announced_once_a_step(on, times):
    sanction = sanctioned.to_decide()
    factories.member(sanction.authority, Role.MANAGER)

    assert clock.run(sanction.authority, on=on)["bar_alerted"] == times
    assert clock.run(sanction.authority, on=on)["bar_alerted"] == 0
    assert Message.objects.filter(sanction=sanction, kind=Kind.SANCTION_BAR).count() == 2 * times


def test_a_closed_sanction_is_announced_no_more():
    sanction = sanctioned.to_decide()
    sanctions.close(sanction, reason="Vacant.", by=jurist(sanction.authority), on=AFTER)
    assert clock.run(sanction.authority, on=date(2026, 3, 4))["bar_alerted"] == 0


def test_a_fine_is_signed_as_it_was_read():
    sanction = sanctioned.fined()

    act = sanction.acts.get(kind=ActKind.FINE)
    assert (sanction.state, sanction.amount, sanction.fine_sha256) == (SanctionState.FINED, 2000, act.sha256)
    assert (act.issued_on, act.application) == (AFTER, None)
    assert sanction.signatory == signatory(sanction.authority)
    assert events(sanction)[-2:] == [SanctionEvent.FINE_PROPOSED, SanctionEvent.FINED]
    assert Kind.FINE_NOTIFIED not in kinds(sanction)


def test_a_draft_changed_after_it_was_read_is_not_signed():
    sanction = sanctioned.proposed()
    by = signatory(sanction.authority)
    act = fines.preview(sanction, by=by, on=AFTER)
    changed = fines.propose_fine(sanction, amount=3000, reasons=sanctioned.REASONS, by=jurist(sanction.authority), on=AFTER)

    with pytest.raises(acts.PreviewChanged):
        fines.fine(changed, act=act, by=by, on=AFTER)

    assert stored(sanction).state == SanctionState.TO_DECIDE
    assert not sanction.acts.issued().filter(kind=ActKind.FINE).exists()


def test_who_signs_second_is_told_so():
    sanction = sanctioned.fined()
    with pytest.raises(TaskGone):
        fines.fine(sanction, act=sanction.acts.get(kind=ActKind.FINE), by=signatory(sanction.authority), on=AFTER)


def test_a_signatory_without_power_signs_nothing():
    sanction = sanctioned.proposed()
    by = factories.member(sanction.authority, Role.SIGNATORY)
    by.signature_powers.update(ends_on=date(2025, 1, 1))
    with pytest.raises(NoSignaturePower):
        fines.preview(sanction, by=by, on=AFTER)


def test_the_database_refuses_a_fine_after_the_year_or_over_the_cap():
    sanction = sanctioned.fined()
    for wrong in ({"fined_on": date(2026, 6, 3)}, {"amount": 5001}, {"fined_on": UNTIL}, {"reasons": ""}, {"fine_sha256": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sanction.objects.filter(pk=sanction.pk).update(**wrong)


def test_after_one_year_nothing_is_proposed_nor_signed():
    sanction = sanctioned.proposed()
    late = date(2026, 6, 3)
    with pytest.raises(sanction_guards.FineBarred):
        fines.propose_fine(sanction, amount=1, reasons="x", by=jurist(sanction.authority), on=late)
    by = signatory(sanction.authority)
    act = fines.preview(sanction, by=by, on=BARRED)
    for sign in (lambda: fines.preview(sanction, by=by, on=late), lambda: fines.fine(sanction, act=act, by=by, on=late)):
        with pytest.raises(sanction_guards.FineBarred):
            sign()


@pytest.mark.parametrize("stage", ["found", "presented"])
def test_a_closure_is_told_to_who_had_a_letter(stage):
    sanction = getattr(sanctioned, stage)()
    sanction = sanctions.close(sanction, reason="Le logement est vacant.", by=jurist(sanction.authority), on=PRESENTED)

    assert (sanction.state, sanction.ending) == (SanctionState.CLOSED, "Le logement est vacant.")
    assert sanction.acts.filter(kind=ActKind.SANCTION_CLOSURE).exists() == (stage == "presented")
    assert (Kind.SANCTION_CLOSED in kinds(sanction)) == (stage == "presented")


# -- recovery, appeal, withdrawal


def test_a_notified_fine_has_its_sheet_and_is_told():
    sanction = sanctioned.notified()

    assert sanction.notified_on == date(2025, 7, 15)
    assert sanction.acts.filter(kind=ActKind.FINE_TITLE).count() == 1
    message = Message.objects.get(sanction=sanction, kind=Kind.FINE_NOTIFIED)
    assert message.acts.get().kind == ActKind.FINE
    with pytest.raises(guards.WrongState):
        fines.notify(sanction, means=Means.HAND, notified_on=AFTER, by=jurist(sanction.authority), on=AFTER)


def test_a_fine_is_paid_in_parts():
    sanction = sanctioned.titled()
    by = jurist(sanction.authority)
    day = date(2025, 9, 1)
    sanction = fines.record_payment(sanction, amount=500, paid_on=day, by=by, on=day)
    assert sanction.state == SanctionState.TITLE_ISSUED
    sanction = fines.start_recovery(sanction, since=day, by=by, on=day)
    for wrong in (0, 1501):
        with pytest.raises(sanction_guards.NoSuchDebt):
            fines.record_payment(sanction, amount=wrong, paid_on=day, by=by, on=day)
    sanction = fines.record_payment(sanction, amount=1500, paid_on=day, by=by, on=day)

    assert (sanction.state, sanction.ended_on, fines.recovered(sanction)) == (SanctionState.PAID, day, 2000)
    assert events(sanction)[-2:] == [SanctionEvent.PAYMENT, SanctionEvent.PAID]


def test_an_appeal_ends_upheld_reduced_or_annulled():
    day = date(2025, 9, 1)
    for outcome in ("upheld", "reduced", "annulled"):
        sanction = sanctioned.titled()
        by = jurist(sanction.authority)
        sanction = fines.contest(sanction, contested_on=day, before="Tribunal", by=by, on=day)
        assert sanction.state == SanctionState.APPEAL
        if outcome == "annulled":
            sanction = fines.annul(sanction, judged_on=day, reason="TA", by=by, on=day)
            assert (sanction.state, sanction.ending) == (SanctionState.WITHDRAWN, "TA")
            continue
        reduced = 1200 if outcome == "reduced" else None
        sanction = fines.uphold(sanction, settled_on=day, reason="TA", reduced_to=reduced, by=by, on=day)
        assert (sanction.state, sanction.due) == (SanctionState.TITLE_ISSUED, reduced or 2000)


def test_an_appeal_does_not_raise_the_fine():
    sanction = sanctioned.titled()
    by = jurist(sanction.authority)
    sanction = fines.contest(sanction, contested_on=date(2025, 9, 1), before="Gracieux", by=by, on=date(2025, 9, 1))
    with pytest.raises(sanction_guards.NoSuchDebt):
        fines.uphold(sanction, settled_on=date(2025, 9, 2), reason="x", reduced_to=2001, by=by, on=date(2025, 9, 2))


@pytest.mark.parametrize("stage", ["fined", "titled"])
def test_a_signatory_withdraws_a_fine_at_any_time(stage):
    sanction = getattr(sanctioned, stage)()
    with pytest.raises(PermissionDenied):
        fines.withdraw(sanction, reason="Erreur", by=jurist(sanction.authority), on=date(2027, 1, 4))

    sanction = fines.withdraw(sanction, reason="Erreur de personne.", by=signatory(sanction.authority), on=date(2027, 1, 4))

    assert sanction.state == SanctionState.WITHDRAWN
    assert sanction.acts.filter(kind=ActKind.FINE_WITHDRAWAL).exists()
    # A fine that was never notified is withdrawn without a word outside.
    assert (Kind.FINE_WITHDRAWN in kinds(sanction)) == (stage == "titled")


def test_a_withdrawn_fine_aggravates_nothing():
    sanction = sanctioned.titled()
    again = sanctioned.found(sanction.authority, zone=sanction.zone, found_on=date(2025, 9, 1))
    assert again.previous == sanction
    fines.withdraw(sanction, reason="Erreur.", by=signatory(sanction.authority), on=date(2025, 9, 2))
    assert sanctions.earlier_breaches(again) == []
