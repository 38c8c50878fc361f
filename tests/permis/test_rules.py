"""What the law leaves open has a safe default, which an authority may change from a day on."""

from datetime import date

import pytest

from permis import rules
from permis.models import RuleChange
from permis.rules import Rule
from tests import factories

pytestmark = pytest.mark.django_db


def test_every_rule_is_one_question_with_its_article():
    assert [question.rule for question in rules.QUESTIONS] == list(rules.BY_RULE)
    assert set(rules.BY_RULE) == set(Rule)
    assert all(question.basis and question.effect for question in rules.QUESTIONS)
    assert all(question.default in question.choices for question in rules.QUESTIONS if question.is_number)


def test_an_authority_is_answered_by_its_last_choice_of_that_day():
    town, other = factories.AuthorityFactory(), factories.AuthorityFactory()
    author = factories.UserFactory()
    for value, since in ((2, date(2026, 3, 1)), (0, date(2026, 6, 1))):
        RuleChange.objects.create(authority=town, rule=Rule.VISAS, value=value, since=since, by=author)

    def visas(authority, on):
        return rules.value(authority, Rule.VISAS, on=on)

    assert [visas(town, date(2026, month, 1)) for month in (2, 3, 5, 6)] == [0, 2, 2, 0]
    assert visas(other, date(2026, 5, 1)) == 0
