"""Every mention that the law asks of each act is read in its PDF; a decision without its reasons is not made."""

from dataclasses import replace
from datetime import date

import pytest

from documents import specimens as samples
from documents.content import Content
from documents.enums import ActKind
from documents.facts import Heard, Party
from documents.wording import afterlife, appeals, decisions, declarations, letters, passages, sanctions
from documents.wording.afterlife import IncompleteAct
from documents.wording.decisions import IncompleteDecision
from permis.breaches import Breach
from permis.enums import ConditionMode, Ground
from tests.documents.mentions import ABOUT_DECLARATIONS, MENTIONS
from tests.documents.reading import printed


def test_every_kind_of_act_has_its_mentions():
    assert set(MENTIONS) == set(ActKind) == set(samples.contents())


@pytest.mark.parametrize("kind", ActKind)
def test_an_act_bears_every_mention_of_its_kind(kind):
    text = printed(samples.contents()[kind])

    number = samples.DECLARED.number if kind in ABOUT_DECLARATIONS else samples.CASE.number
    assert [mention for mention in [number, *MENTIONS[kind]] if mention not in text] == []


@pytest.mark.parametrize(("kind", "verb"), [(ActKind.DECISION_REFUSED, "ARRÊTE"), (ActKind.LIFTING, "DÉCIDE")])
def test_the_verb_of_the_decision_stands_out(kind, verb):
    assert f" {' '.join(verb)} " in printed(samples.contents()[kind])


@pytest.mark.parametrize("letter", [
    declarations.registration(samples.DECLARED, on=samples.TODAY, receipt_due_on=samples.TODAY),
    declarations.receipt(samples.DECLARED, on=samples.TODAY),
    declarations.missing_pieces(samples.DECLARED, on=samples.TODAY, pieces=samples.PIECES, respond_by=samples.TODAY),
    declarations.expiry(samples.DECLARED, on=samples.TODAY, pieces=samples.PIECES, respond_by=samples.TODAY),
    declarations.withdrawal(samples.DECLARED, on=samples.TODAY, withdrawn_on=samples.TODAY),
    declarations.out_of_scope(samples.DECLARED, on=samples.TODAY, reason="Meublé de tourisme."),
], ids=lambda content: content.title)  # fmt: skip
def test_no_letter_of_a_declaration_speaks_of_a_decision(letter):
    text = printed(letter)

    assert [
        word for word in ("635-", "silence", "un mois", "décision", "visite", "Demande n°", "votre demande") if word in text
    ] == []


def test_a_receipt_is_silent_on_remedies_and_signature():
    text = printed(samples.contents()[ActKind.RECEIPT])

    assert "Voies et délais de recours" not in text
    assert "Saint-Savin, le 16 novembre 2026" in text


def test_works_that_may_follow_the_lease_have_their_date_and_allow_it():
    works = [replace(each, due_on=date(2027, 3, 1)) for each in samples.WORKS]

    text = printed(samples.decide(replace(samples.PRIOR, mode=ConditionMode.DEFERRED, works=works)))

    assert "Le logement peut être mis en location dès la notification" in text
    assert "au plus tard le 1er mars 2027" in text
    assert "article L. 242-2" in text
    assert "Aucun bail" not in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"grounds": []}, "motif"),
        ({"works": []}, "au moins un désordre"),
        ({"works": [replace(samples.WORKS[0], finding=" ")]}, "indiquez le constat"),
        ({"works": [samples.WORKS[0], replace(samples.WORKS[1], work="", basis="")]}, "Désordre n° 2"),
        ({"works": [replace(samples.WORKS[0], place="")]}, "le lieu"),
        ({"works": [replace(samples.WORKS[0], evidence="")]}, "la preuve du constat"),
    ],
)
@pytest.mark.parametrize("ruling", [samples.PRIOR, samples.REFUSED], ids=["conditions", "refusal"])
def test_a_refusal_or_conditions_without_their_reasons_are_not_made(ruling, change, message):
    with pytest.raises(IncompleteDecision, match=message):
        samples.decide(replace(ruling, **change))


def test_conditions_say_when_their_works_are_due():
    with pytest.raises(IncompleteDecision, match="précèdent"):
        samples.decide(replace(samples.PRIOR, mode=None))
    with pytest.raises(IncompleteDecision, match="date limite"):
        samples.decide(replace(samples.PRIOR, mode=ConditionMode.DEFERRED))


def test_a_grant_needs_no_reason_and_prescribes_nothing():
    content = samples.decide(samples.GRANTED)

    assert content.works == []
    assert "transmis" not in printed(content)


def test_a_decision_taken_without_visit_says_why():
    ruling = replace(samples.GRANTED, visits=[], visit_waiver="logement visité le mois dernier")

    assert "sans visite du logement, pour la raison suivante : logement visité le mois dernier" in printed(samples.decide(ruling))


@pytest.mark.parametrize(
    ("typed", "recital"),
    [
        ("Considérant que le sol cède.", "que le sol cède ;"),
        ("considérant, qu’il pleut ;", "qu’il pleut ;"),
        ("Il manque un garde-corps", "qu’il manque un garde-corps ;"),
        ("Le sol cède", "que le sol cède ;"),
        ("L’escalier est raide", "que l’escalier est raide ;"),
        ("Mme Duprat l’a reconnu.", "que Mme Duprat l’a reconnu ;"),
    ],
)
def test_a_recital_is_a_clause_of_the_sentence(typed, recital):
    assert passages.consider(typed).text == recital


def test_the_special_ground_of_shared_lettings_cites_its_law():
    text = printed(samples.decide(replace(samples.REFUSED, grounds=[Ground.COLOCATION_DIGNITY])))

    assert "la loi n° 2024-322 du 9 avril 2024, notamment son article 33" in text
    assert "conditions de vie dignes" in text


def test_several_lessors_and_their_agent_are_all_named():
    case = replace(
        samples.CASE,
        lessors=[Party("SCI Les Platanes, Blaye", "1 cours Vauban"), Party("Paul Duprat", "Paris")],
        agent="Agence du Port",
    )

    text = printed(samples.decide(samples.GRANTED, case))

    assert "SCI Les Platanes, Blaye, 1 cours Vauban et Paul Duprat, Paris, ayant pour mandataire Agence du Port" in text
    assert "accordée à SCI Les Platanes, Blaye et Paul Duprat pour le logement" in text


def test_a_signature_by_hand_has_no_mention_of_the_seal():
    signatory = replace(samples.SIGNATORY, sealed=False, delegation="")

    content = decisions.decision(samples.CASE, samples.GRANTED, signatory=signatory, on=samples.TODAY)

    assert "cachet" not in printed(content)
    assert "par délégation" not in printed(content)


def test_one_missing_piece_is_asked_for_in_the_singular():
    content = letters.missing_pieces(samples.CASE, on=samples.TODAY, pieces=samples.PIECES[:1], respond_by=date(2027, 1, 10))

    assert "Il manque la pièce suivante" in printed(content)


@pytest.mark.parametrize("make", [
    lambda: afterlife.revocation(
        samples.CASE, signatory=samples.SIGNATORY, on=samples.TODAY, reasons=[" "], taken_on=samples.TODAY, heard=Heard(samples.TODAY)
    ),
    lambda: afterlife.repeal(
        samples.CASE, signatory=samples.SIGNATORY, on=samples.TODAY, reasons=["Rien n’est fait."], granted_on=samples.TODAY,
        heard=Heard(samples.TODAY), works=[],
    ),
    lambda: appeals.rejection(
        samples.CASE, signatory=samples.SIGNATORY, on=samples.TODAY, against="le refus", received_on=samples.TODAY, reasons=[" "]
    ),
    lambda: afterlife.closure(
        samples.CASE, signatory=samples.SIGNATORY, on=samples.TODAY, pieces=[], requested_on=samples.TODAY,
        respond_by=samples.TODAY, reminded_on=samples.TODAY,
    ),
])  # fmt: skip
def test_an_act_that_ends_a_case_says_why(make):
    with pytest.raises(IncompleteAct):
        make()


def test_a_revocation_for_fraud_cites_its_own_article_and_no_period():
    content: Content = afterlife.revocation(
        samples.CASE,
        signatory=samples.SIGNATORY,
        on=samples.TODAY,
        reasons=["les diagnostics étaient falsifiés"],
        taken_on=date(2026, 1, 5),
        heard=Heard(date(2026, 11, 2)),
        tacit=True,
        fraud=["que le DPE joint est celui d’un autre logement"],
    )

    text = printed(content)

    assert "L. 241-2" in text
    assert "que les diagnostics étaient falsifiés ;" in text
    assert "quatre mois" not in text
    assert "L’autorisation tacite préalable de mise en location du 5 janvier 2026 est retirée" in text


def test_a_late_appeal_is_acknowledged_and_told_that_it_prolongs_nothing():
    text = printed(
        appeals.receipt(
            samples.CASE,
            on=samples.TODAY,
            against="le refus du 2 septembre 2026",
            received_on=date(2026, 12, 9),
            implicit_rejection_on=date(2027, 2, 9),
            court_until=None,
            late_since=date(2026, 11, 3),
        )
    )

    assert "reçu après le 3 novembre 2026" in text
    assert "il ne prolonge pas le délai pour saisir le tribunal" in text
    assert "Vous disposerez de deux mois" not in text


@pytest.mark.parametrize("breach", Breach)
def test_only_a_refusal_leaves_nothing_to_mend(breach):
    text = printed(sanctions.observations_letter(replace(samples.PROCEEDING, breach=breach), on=samples.TODAY))

    assert ("invité à régulariser" in text) == (breach != Breach.DESPITE_REFUSAL)
    assert ("une déclaration de mise en location" in text) == (breach == Breach.NO_DECLARATION)
    assert ("L. 635-7, alinéa 2" in text) == (breach == Breach.DESPITE_REFUSAL)


def test_a_fine_without_observations_says_so_and_mends_nothing():
    answered = replace(samples.ANSWERED, observations_on=None, heard_on=None, regularised_on=None)

    text = printed(sanctions.fine(samples.PROCEEDING, answered, samples.FINE, signatory=samples.SIGNATORY, on=samples.TODAY))

    assert "l’absence d’observations dans le délai imparti" in text
    assert "régularisée" not in text


@pytest.mark.parametrize("make", [
    lambda: sanctions.observations_letter(replace(samples.PROCEEDING, facts=[]), on=samples.TODAY),
    lambda: sanctions.closure(samples.PROCEEDING, reasons=[], on=samples.TODAY),
    lambda: sanctions.fine(
        samples.PROCEEDING, samples.ANSWERED, replace(samples.FINE, reasons=[]), signatory=samples.SIGNATORY, on=samples.TODAY
    ),
    lambda: sanctions.withdrawal(
        samples.PROCEEDING, fined_on=samples.TODAY, amount=1, reasons=[], signatory=samples.SIGNATORY, on=samples.TODAY
    ),
])  # fmt: skip
def test_an_act_of_a_sanction_says_why(make):
    with pytest.raises(IncompleteAct):
        make()
