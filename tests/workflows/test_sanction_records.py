"""What a sanction leaves behind: its sealed journal, its evidence, its acts."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role
from documents import rendering
from documents.enums import ActKind
from notifications.models import Message
from permis import journal
from permis.models import RuleChange, Sanction, SanctionEntry
from permis.models.sanction_journal import SanctionEvent
from tests import factories
from tests.documents.reading import text_of
from tests.workflows import sanctioned
from tests.workflows.sanctioned import FOUND, jurist
from workflows.actions import sanctions

pytestmark = pytest.mark.django_db


def events(sanction):
    return [entry.event for entry in sanction.journal.order_by("position")]


def kinds(sanction):
    return set(Message.objects.filter(sanction=sanction).values_list("kind", flat=True))


def stored(sanction):
    return Sanction.objects.get(pk=sanction.pk)


def answered(authority, rule, value):
    RuleChange.objects.create(authority=authority, rule=rule, value=value, since=date(2024, 1, 1), by=jurist(authority))


# -- the journal, the files, the acts


def verified():
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_journal", stdout=out, stderr=err)
    except CommandError:
        return out.getvalue(), err.getvalue()
    return out.getvalue(), ""


def test_the_chain_of_a_sanction_is_verified_with_those_of_the_cases():
    sanction = sanctioned.titled()
    assert list(journal.faults(sanction)) == []
    assert "1 sanctions" in verified()[0]

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE permis_sanctionentry DISABLE TRIGGER permis_sanction_journal_is_append_only")
        SanctionEntry.objects.filter(sanction=sanction, position=2).update(facts={"amount": 1})

    assert f"{sanction} : la ligne 2 a été modifiée." in verified()[1]


def test_the_database_refuses_to_change_the_journal_of_a_sanction():
    sanction = sanctioned.found()
    for change in (lambda lines: lines.update(event="paid"), lambda lines: lines.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(SanctionEntry.objects.filter(sanction=sanction))


def test_evidence_is_scanned_kept_and_read_by_the_jurists_alone():
    sanction = sanctioned.found()
    by = jurist(sanction.authority)
    file = sanctions.add_evidence(sanction, upload=factories.upload(), by=by, on=FOUND)
    again = sanctions.add_evidence(sanction, upload=factories.upload(), by=by, on=FOUND)

    assert (again, file.application, file.key) == (
        file, None, f"{sanction.authority_id}/sanction-{sanction.pk}/{file.sha256}",
    )  # fmt: skip
    assert events(sanction) == [SanctionEvent.OPENED, SanctionEvent.EVIDENCE_ADDED]
    readers = {
        role for role in set(Role) - {Role.AGENT} if type(file).objects.visible_to(factories.member(sanction.authority, role))
    }
    assert readers == {Role.LEGAL, Role.SIGNATORY, Role.MANAGER, Role.AUDITOR}


def test_a_document_has_one_owner():
    sanction = sanctioned.written()
    act = sanction.acts.get()
    for wrong in ({"sanction": None}, {"application": factories.ApplicationFactory()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(act).objects.filter(pk=act.pk).update(**wrong)


def test_the_acts_say_what_the_case_knows():
    sanction = sanctioned.titled()
    texts = {act.kind: text_of(rendering.render(act.content)) for act in sanction.acts.all()}

    assert "M. Paul Dumora" in texts[ActKind.SANCTION_LETTER]
    assert "présentée le 10 juin 2025" in texts[ActKind.FINE]
    assert "que le bailleur en loue trois autres" in texts[ActKind.FINE]
    assert "2 000 €" in texts[ActKind.FINE_TITLE]
