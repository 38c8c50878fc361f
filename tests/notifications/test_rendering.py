"""Every kind of message has a subject, a text and a page, and no name breaks out of them."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings

from accounts.enums import Role
from notifications import rendering
from notifications.enums import Kind
from permis.enums import Outcome, State
from tests.notifications import samples
from tests.notifications.factories import CaseFactory

URL = "https://permis.test/dossiers/1/"
PLAIN_SPACE_BEFORE_SIGN = re.compile(r" [:;?!»]|« ")


def write(kind: Kind, application, **context) -> rendering.Letter:
    context = {"application": application, "address": samples.HOSTILE, "on": samples.ON, **samples.needed_by(kind), **context}
    return rendering.write(kind, url=URL, authority=application.authority, **context)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def application(db):
    application = CaseFactory(conditional=True, authority__service=samples.HOSTILE, authority__opening_hours="9 h – 12 h")
    application.respond_by, application.completed_on = samples.REQUEST.respond_by, samples.ON
    application.lifted_on = application.ended_on = application.receipt_due_on = samples.ON
    return application


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_subject_a_text_and_a_page(kind, application):
    letter = write(kind, application)

    assert letter.subject
    assert "\n" not in letter.subject
    assert letter.text.startswith("Bonjour,\n\n")
    assert URL in letter.text
    assert f'href="{URL}"' in letter.html
    assert kind.call in letter.html
    assert "\n\n\n" not in letter.text


@pytest.mark.parametrize("kind", Kind)
def test_names_are_left_as_they_are_in_the_text_and_escaped_in_the_page(kind, application):
    letter = write(kind, application)

    assert "&lt;" not in letter.text
    assert "&amp;" not in letter.text
    assert "<script" not in letter.html
    assert settings.SECRET_KEY not in letter.text + letter.html


@pytest.mark.parametrize("kind", Kind)
def test_typography_is_french(kind, application):
    letter = write(kind, application)

    assert not PLAIN_SPACE_BEFORE_SIGN.search(letter.subject + letter.text)
    assert "'" not in letter.subject + letter.text


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("mode", ["prior", "deferred"])
def test_a_decision_names_its_outcome_works_and_remedies(outcome, mode, db):
    trait = {Outcome.GRANTED: "granted", Outcome.CONDITIONAL: "conditional", Outcome.REFUSED: "refused"}[outcome]
    application = CaseFactory(**{trait: True})
    application.mode = mode if outcome == Outcome.CONDITIONAL else ""
    works = [] if outcome == Outcome.GRANTED else [samples.WORK]

    text = write(Kind.DECISION_NOTIFIED, application, grounds=["Non-décence"] if works else [], works=works).text

    words = {Outcome.GRANTED: "accordée. Elle", Outcome.CONDITIONAL: "accordée sous conditions", Outcome.REFUSED: "refusée"}
    assert words[outcome] in text
    assert ("Poser un garde-corps" in text) == bool(works)
    assert ("attendez la levée des conditions" in text) == (outcome == Outcome.CONDITIONAL and mode == "prior")
    assert "deux mois" in text
    assert application.authority.court_name in text


def test_a_decision_proved_late_takes_the_tacit_permit_back(application):
    assert "autorisation née du silence" not in write(Kind.DECISION_NOTIFIED, application).text

    application.state_before_silence = State.DECISION_SIGNED

    assert "autorisation née du silence" in write(Kind.DECISION_NOTIFIED, application).text


def test_a_counter_visit_is_agreed_and_does_not_speak_of_the_month(application):
    visit = SimpleNamespace(**{**vars(samples.VISIT), "purpose": "counter"})

    assert "L. 635-3" in plain(write(Kind.VISIT_PLANNED, application).text)
    assert "L. 635-3" not in plain(write(Kind.VISIT_PLANNED, application, visit=visit).text)
    assert "délai de décision" not in write(Kind.VISIT_PLANNED, application, visit=visit).text


@pytest.mark.parametrize("kind", [Kind.SUBMITTED, Kind.RECEIPT, Kind.COMPLETED])
def test_silence_is_announced_with_its_date_and_the_days_left(kind, application):
    text = plain(write(kind, application).text)

    assert "au plus tard le 2 décembre 2026 (dans 8 jours)" in text
    assert "réputée accordée (silence valant accord)" in text


def test_a_request_for_pieces_says_its_effect_on_the_clock(application):
    text = plain(write(Kind.PIECES_REQUESTED, application).text)

    assert "- État de l’installation de gaz : " in text
    assert "au plus tard le 7 décembre 2026 (dans 13 jours)" in text
    assert "n’a pas commencé" in text


def test_lists_of_the_text_are_lists_on_the_page(application):
    html = write(Kind.PIECES_REQUESTED, application).html

    assert html.count("<li>") == 2
    assert "- CREP" not in html


def test_a_name_with_line_breaks_cannot_add_a_header(db):
    application = CaseFactory(filed=True, authority__name="Mairie\r\nBcc: tous@exemple.test")

    letter = rendering.write(Kind.INVITATION, url=URL, authority=application.authority, user=samples.ALL["user"])

    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_a_long_subject_fits_the_column(db):
    application = CaseFactory(filed=True, authority__name="A" * 200)
    application.number = "N" * 400

    assert len(write(Kind.SUBMITTED, application).subject) == 250


def test_a_message_without_authority_is_signed_by_the_site():
    letter = rendering.write(Kind.PASSWORD_RESET, url=URL, authority=None)

    assert letter.text.rstrip().endswith("Permis de louer")
    assert "Permis de louer" in letter.html


def test_kinds_are_for_landlords_new_owners_occupants_agents_or_accounts():
    for_agents = [kind for kind in Kind if kind.roles]
    to_sanctioned = [kind for kind in Kind.of_sanctions() if not kind.roles]
    of_none = [kind for kind in Kind.without_case() if not kind.roles]
    everybody = [*Kind.to_landlords(), *Kind.to_others(), *to_sanctioned, *for_agents, *of_none]

    assert sorted(everybody) == sorted(Kind)
    assert all(set(kind.roles) <= set(Role) for kind in for_agents)
