"""What the findings of a visit lead to, and why: the same on the desk, on the server and on the phone."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections import grid, suggestion
from inspections.enums import Conclusion, Severity
from inspections.grid import Grid
from inspections.models import Finding
from permis.enums import ConditionMode, Outcome
from tests.inspections import phone

GRID = grid.national()
ITEMS = [item for section in GRID.sections for item in section.items]
LASTING = next(item.code for item in ITEMS if item.severity == Severity.BLOCKING and not item.quick)
QUICK = next(item.code for item in ITEMS if item.severity == Severity.BLOCKING and item.quick)
BY_SEVERITY = {severity: next(item.code for item in ITEMS if item.severity == severity) for severity in Severity}
REFUSED, GRANTED, CONDITIONAL = Outcome.REFUSED, Outcome.GRANTED, Outcome.CONDITIONAL
PRIOR, DEFERRED = ConditionMode.PRIOR, ConditionMode.DEFERRED


def no(code, **said):
    return ("answer", {"room": None, "code": code, "reply": "non_conform", **said})


def suggest(*said, of=GRID):
    return suggestion.suggest(phone.read(phone.written(*said)), of)


def answered(reply, code="A02", **said):
    return ("answer", {"room": None, "code": code, "reply": reply, **said})


@pytest.mark.parametrize(
    ("defects", "outcome", "mode"),
    [
        ([], GRANTED, None),
        ([no(BY_SEVERITY["O"])], GRANTED, None),
        ([no(BY_SEVERITY["R"])], CONDITIONAL, DEFERRED),
        ([no(BY_SEVERITY["R"]), no(BY_SEVERITY["O"])], CONDITIONAL, DEFERRED),
        ([no(QUICK)], CONDITIONAL, PRIOR),
        ([no(QUICK), no(BY_SEVERITY["R"])], CONDITIONAL, PRIOR),
        ([no(LASTING)], REFUSED, None),
        ([no(LASTING), no(QUICK)], REFUSED, None),
        ([no(LASTING, quick=True)], CONDITIONAL, PRIOR),
        ([no(QUICK, quick=False)], REFUSED, None),
        ([no(BY_SEVERITY["D"])], REFUSED, None),
        ([no(BY_SEVERITY["D"], quick=True)], REFUSED, None),
        ([no(BY_SEVERITY["D"], severity="R", reason="Déjà consolidé")], CONDITIONAL, DEFERRED),
        ([no(BY_SEVERITY["O"], severity="D", reason="Il menace de tomber")], REFUSED, None),
        ([no("Z99")], CONDITIONAL, DEFERRED),
    ],
)
def test_the_gravest_finding_decides(defects, outcome, mode):
    found = suggest(answered("conform", "H04"), *defects)
    assert (found.outcome, found.mode) == (outcome, mode)
    assert (
        found.conclusion
        == {REFUSED: Conclusion.UNFAVOURABLE, CONDITIONAL: Conclusion.RESERVES, GRANTED: Conclusion.FAVOURABLE}[outcome]
    )


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_each_item_of_the_grid_counts_and_is_named(item):
    found = suggest(("room", {"room": "r", "name": "Entrée"}), no(item.code, room="r"))
    assert f"{item.code} {item.title} (Entrée)" in found.reasons[0]
    assert found.danger == (item.severity == Severity.DANGER)
    assert (found.outcome == REFUSED) == (
        item.severity == Severity.DANGER or (item.severity == Severity.BLOCKING and not item.quick)
    )


@pytest.mark.parametrize("said", [[], [answered("")], [answered("not_verifiable")], [answered("not_applicable")]])
def test_where_nothing_was_verified_nothing_is_proposed_and_it_is_said(said):
    found = suggest(*said)
    assert (found.conclusion, found.outcome, found.mode, found.danger) == (None, None, None, False)
    assert "rien ne peut être proposé" in found.reasons[0]


def test_what_could_not_be_verified_and_what_was_not_answered_is_told():
    found = suggest(answered("conform", "H04"), answered("not_verifiable", "E02"))
    assert found.outcome == GRANTED
    assert any("Non vérifiables" in reason and "E02" in reason for reason in found.reasons)
    assert found.reasons[-1] == "92 points sur 94 sont sans réponse."
    assert suggest(*[answered("conform", item.code) for item in ITEMS]).reasons == ["Aucun défaut n’a été constaté."]
    assert suggest(*[answered("conform", item.code) for item in ITEMS[1:]]).reasons[-1] == "1 point sur 94 est sans réponse."


def test_many_findings_are_counted_rather_than_listed_without_end():
    reserves = [item.code for item in ITEMS if item.severity == Severity.RESERVE]
    [reason] = [each for each in suggest(*[no(code) for code in reserves]).reasons if each.startswith("Réserves")]
    assert reason.endswith(f"et {len(reserves) - suggestion.LISTED} autres.")
    [reason] = [each for each in suggest(*[no(code) for code in reserves[:9]]).reasons if each.startswith("Réserves")]
    assert "autres" not in reason
    assert reserves[8] in reason


def test_a_report_entered_at_the_desk_leads_to_the_same():
    def found(*codes):
        items = [GRID.find(code) for code in codes]
        return [
            Finding(code=item.code, place="Logement", description="Défaut", severity=item.severity, quick=item.quick)
            for item in items
        ]

    assert suggestion.of_findings(found(LASTING), GRID).outcome == REFUSED
    assert suggestion.of_findings(found(QUICK, BY_SEVERITY["R"]), GRID).mode == PRIOR
    told = found(LASTING)
    told[0].quick = True
    assert suggestion.of_findings(told, GRID).mode == PRIOR
    assert suggestion.of_findings([], GRID).outcome == GRANTED
    outside = Finding(description="Plafond qui tombe", severity=Severity.DANGER)
    assert suggestion.of_findings([outside], GRID).reasons == ["Danger pour les occupants\u00a0: Plafond qui tombe."]


REPLIES = st.fixed_dictionaries(
    {"code": st.sampled_from([item.code for item in ITEMS] + ["Z99"]), "reply": st.sampled_from(["conform", "non_conform", "not_applicable", "not_verifiable", ""])},
    optional={"room": st.sampled_from([None, "r1", "r2"]), "severity": st.sampled_from(["", *Severity.values]), "quick": st.sampled_from([None, True, False])},
)  # fmt: skip


@pytest.mark.node
def test_the_phone_proposes_what_the_server_does():
    drawn = []
    rooms = [("room", {"room": "r1", "name": "Séjour", "position": 2}), ("room", {"room": "r2", "name": ""})]

    @settings(max_examples=300, database=None, deadline=None)
    @given(st.lists(REPLIES, max_size=30))
    def draw(replies):
        drawn.append(phone.written(*rooms, *(("answer", reply) for reply in replies)))

    draw()
    found = phone.under_node("suggest", [{"entries": entries} for entries in drawn], grid=GRID.as_data())
    for entries, answer in zip(drawn, found, strict=True):
        assert answer == vars(suggestion.suggest(phone.read(entries), GRID))


@given(st.lists(REPLIES, max_size=12), REPLIES)
def test_a_danger_always_leads_to_a_refusal(replies, last):
    danger = ("answer", {**last, "room": "r9", "reply": "non_conform", "severity": "D"})
    found = suggest(*(("answer", reply) for reply in replies), danger)
    assert (found.outcome, found.danger) == (REFUSED, True)


def test_the_grid_of_an_authority_counts_like_the_national_one():
    own = replace(ITEMS[0], code="X01", severity=Severity.BLOCKING, quick=True)
    found = suggest(no("X01"), of=Grid("1", (grid.Section("A", "Immeuble", (own,)),)))
    assert (found.mode, found.reasons[0].count("X01")) == (PRIOR, 1)
