"""The index says what the cases say: compared and mended, taken up where it stopped; a name leaves with its last case."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.enums import Role
from permis import indexing, search, words
from permis.management.commands import reindex
from permis.models import CaseIndex, Lessor, WordVariant
from permis.words import Question
from tests import factories
from tests.workflows.searching import filed, found
from workflows import tasks
from workflows.actions import intake

pytestmark = pytest.mark.django_db


def run(*options):
    out = StringIO()
    call_command("reindex", *options, stdout=out)
    return out.getvalue()


def known_words():
    return {row.word for row in WordVariant.objects.all()}


def test_a_deposit_writes_the_index_and_the_vocabulary():
    case = factories.ApplicationFactory()
    intake.submit(case, by=factories.prove_address(case.applicant), on=case.authority.today())
    assert CaseIndex.objects.get().authority == case.authority
    assert {"duprat", "helene", "gare"} <= known_words()
    assert "rue" not in known_words()
    assert run("--check").startswith("1 dossiers lus, 0 différents, 0 mots manquants, 0 mots que nul ne porte plus")


def test_a_deposit_that_rolls_back_leaves_no_index(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    case = factories.ApplicationFactory()
    monkeypatch.setattr("workflows.actions.intake.flows.advance", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        intake.submit(case, by=factories.prove_address(case.applicant), on=case.authority.today())
    assert not CaseIndex.objects.exists()
    assert not WordVariant.objects.exists()


def test_what_differs_is_told_and_mended():
    wrong, lost, right = (filed() for _ in range(3))
    officer = factories.member(wrong.authority, Role.OFFICER)
    Lessor.objects.filter(application=wrong).update(last_name="Lacombe")
    CaseIndex.objects.filter(pk=lost.pk).delete()
    with pytest.raises(CommandError, match=r"manage\.py reindex"):
        run("--check")
    assert found("lacombe", officer) == []
    assert run().startswith("3 dossiers lus, 2 différents, 1 mots manquants, 0 mots")
    assert found("lacombe", officer) == [wrong.pk]
    assert run().startswith("3 dossiers lus, 0 différents, 0 mots manquants, 0 mots")
    assert CaseIndex.objects.filter(pk=right.pk).exists()


def test_the_index_of_what_is_no_case_any_more_goes():
    case = filed()
    CaseIndex.objects.filter(pk=case.pk).update(document="")
    case.__class__.objects.filter(pk=case.pk).delete()
    assert not CaseIndex.objects.exists()


def test_a_name_leaves_the_vocabulary_with_its_last_case():
    one, other = filed(lessor={"last_name": "Zébulon"}), filed(lessor={"last_name": "Zébulon"})
    CaseIndex.objects.filter(pk=one.pk).delete()
    assert indexing.forget_words() == 0
    assert "zebulon" in known_words()
    for case in (one, other):
        Lessor.objects.filter(application=case).update(last_name="Autre")
    run()
    assert "zebulon" not in known_words()
    assert {row.word for row in WordVariant.objects.filter(variant__in=words.deletions("zebulon"))} == set()
    assert "gare" in known_words()


def test_each_week_the_vocabulary_forgets_by_itself():
    case = filed(lessor={"last_name": "Zébulon"})
    CaseIndex.objects.filter(pk=case.pk).delete()
    tasks.forget_words()
    assert known_words() == set()


def test_it_goes_on_from_where_it_stopped_and_says_where_it_is(monkeypatch):
    monkeypatch.setattr(reindex, "BATCH", 1)
    monkeypatch.setattr(reindex, "TOLD_EVERY", 2)
    cases = [filed() for _ in range(4)]
    assert f"pour reprendre ensuite : --from {cases[2].pk}" in run()
    assert run("--from", str(cases[2].pk)).splitlines()[-1].startswith("2 dossiers lus")

    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(indexing, "compare", stop)
    with pytest.raises(CommandError, match=f"--from {cases[1].pk}"):
        run("--from", str(cases[1].pk))


def test_nothing_to_index_is_no_error():
    assert run().startswith("0 dossiers lus")


def test_a_word_is_learnt_once_and_its_errors_are_corrected():
    for _ in range(2):
        filed(lessor={"last_name": "Lacombe"})
    assert WordVariant.objects.filter(word="lacombe", variant="lacombe").count() == 1
    assert search.near_words({"lacmobe"}) == {"lacmobe": {"lacombe"}}
    assert search.with_errors(Question.of("12345")) is None


def test_each_case_asks_the_same_of_the_database(django_assert_num_queries):
    cases = [filed() for _ in range(6)]
    first, last = cases[0].pk, cases[-1].pk
    with django_assert_num_queries(5):
        indexing.compare(first, first, mend=False)
    with django_assert_num_queries(5):
        indexing.compare(first, last, mend=False)


def test_a_case_that_is_filed_while_the_index_is_mended_stays_in_it():
    """Its draft is read first, then its index, which the deposit has written in between."""
    case = factories.ApplicationFactory()
    applicant, officer = factories.prove_address(case.applicant), factories.member(case.authority, Role.OFFICER)
    waiting = [case]

    def filing(execute, sql, params, many, context):
        if 'FROM "permis_caseindex"' in sql and waiting:
            intake.submit(waiting.pop(), by=applicant, on=case.authority.today())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(filing):
        indexing.compare(case.pk, case.pk, mend=True)

    assert not waiting
    assert found("duprat", officer) == [case.pk]
