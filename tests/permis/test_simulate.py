"""The command `simulate`: what it reads, what it prints, and what it cannot understand."""

import io
import json

import pytest
from django.core.management import call_command

from tests.permis.stories import event, filed


def run(text, tmp_path, capsys):
    """Exit code, standard output, standard error."""
    file = tmp_path / "scenario.json"
    file.write_text(text)
    stderr = io.StringIO()
    try:
        call_command("simulate", str(file), stderr=stderr)
    except SystemExit as leaving:
        return leaving.code, capsys.readouterr().out, stderr.getvalue()
    return 0, capsys.readouterr().out, stderr.getvalue()


def story(*events, **keys):
    return json.dumps({"regime": "APML", "events": list(events), **keys})


def test_one_object_in_one_object_out(tmp_path, capsys):
    code, out, err = run(story(filed(), id="a"), tmp_path, capsys)
    assert (code, json.loads(out)["id"], err) == (0, "a", "")


def test_a_list_in_a_list_out_in_order(tmp_path, capsys):
    stories = [{"id": name, "regime": "APML", "events": [filed()]} for name in "ba"]
    _, out, _ = run(json.dumps(stories), tmp_path, capsys)
    assert [answer["id"] for answer in json.loads(out)] == ["b", "a"]


def test_standard_input(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(story(filed())))
    call_command("simulate", "-")
    assert json.loads(capsys.readouterr().out)["state"] == "under_review"


def test_the_keys_of_an_answer_are_those_of_the_format_in_its_order(tmp_path, capsys):
    _, out, _ = run(story(), tmp_path, capsys)
    assert list(json.loads(out)) == [
        "id", "state", "sanction", "appeal", "clock_started_on", "tacit_on", "officer_target_on", "respond_by", "notified_on",
        "valid_until", "withdrawable_until", "appeal_until", "implicit_rejection_on", "observations_until", "fine_barred_after",
        "fine_cap", "declaration_due_on", "receipt_due_on", "earliest_entry_into_force", "holder", "missing", "warnings", "refused",
        "timeline",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        story(as_of=None, lease={"planned_on": None}, dwelling={"dpe": None, "construction_year": None, "gas_age": None}),
        story(event("2025-03-03T10:00:30", "submitted"), event("2025-03-04", "missing_requested", respond_by=None)),
        story(event("2025-03-03", "zone_published"), event("2025-03-03", "decision_signed", outcome="granted", mode=None)),
        story(event("2025-03-03", "judgment", outcome="annulled", reexamine_within_days=None)),
        story(id="5 a\u00a0: l’« essai »\n"),
        "\ufeff" + story(authority={"insee": "2A004"}),
    ],
)
def test_everything_but_the_regime_and_the_events_may_be_left_out_or_null(text, tmp_path, capsys):
    assert run(text, tmp_path, capsys)[0] == 0


NINE = "2025-03-10T09:30"
FAULTS = [
    ("{", ": JSON illisible, ligne 1"),
    ("[" * 100_000, ": JSON illisible"),
    ("3", "scénario: un objet"),
    ('{"events": []}', "regime: clé obligatoire"),
    ('{"regime": "AMPL", "events": []}', "regime: valeur inconnue"),
    ('{"regime": "APML"}', "events: clé obligatoire"),
    ('{"regime": "APML", "events": {}}', "events: clé obligatoire"),
    (story(colour=1), "colour: clé inconnue"),
    (story(id=3), "id: un texte"),
    (story(id="\ud800"), "id: un texte"),
    (story(as_of="2025-02-30"), "as_of: une date"),
    (story(as_of="20250210"), "as_of: une date"),
    (story(as_of="9999-12-31"), "as_of: une date"),
    (story(authority={"insee": 33000}), "authority.insee: un code"),
    (story(authority={"time_zone": "Europe/Nowhere"}), "authority.time_zone: ce fuseau"),
    (story(authority={"time_zone": ["Europe/Paris"]}), "authority.time_zone: ce fuseau"),
    (story(authority={"name": "Rouen"}), "authority.name: clé inconnue"),
    (story(dwelling=[]), "dwelling: un objet"),
    (story(dwelling={"dpe": {"klass": "D"}}), "dwelling.dpe.klass: clé inconnue"),
    (story(dwelling={"dpe": {"class": "H"}}), "dwelling.dpe.class: valeur inconnue"),
    (story(dwelling={"gas_age": True}), "dwelling.gas_age: un nombre entier"),
    (story(dwelling={"gas_age": "18"}), "dwelling.gas_age: un nombre entier"),
    (story(dwelling={"in_risk_zone": 1}), "dwelling.in_risk_zone: true ou false"),
    (story(applicant={"abroad": "no"}), "applicant.abroad: true ou false"),
    (story(lease={"kind": "villa"}), "lease.kind: valeur inconnue"),
    (story(lease={"separate_leases": -1}), "lease.separate_leases: un nombre entier"),
    (story("submitted"), "events[0]: un objet"),
    (story({"type": "submitted"}), "events[0].at: une date et une heure"),
    (story({"at": NINE}), "events[0].type: type"),
    (story({"at": NINE, "type": "dances"}), "events[0].type: type"),
    (story({"at": NINE, "type": ["submitted"]}), "events[0].type: type"),
    (story({"at": "hier", "type": "submitted"}), "events[0].at: une date"),
    (story({"at": "2025-03-10", "type": "submitted"}), "events[0].at: une date"),
    (story({"at": "2025-03-10T24:30", "type": "submitted"}), "events[0].at: une date"),
    (story({"at": f"{NINE}+01:00", "type": "submitted"}), "events[0].at: une date"),
    (story(filed(colour=1)), "events[0].colour: clé inconnue"),
    (story(filed(pieces="dpe")), "events[0].pieces: une liste"),
    (story(filed(pieces=["dpe", "poem"])), "events[0].pieces[1]: valeur inconnue"),
    (story(filed(pieces=["other"])), "events[0].pieces[0]: valeur inconnue"),
    (story(filed(channel="pigeon")), "events[0].channel: valeur inconnue"),
    (story(filed("2025-03-10"), event("2025-03-10T09:59", "withdrawn")), "events[1].at: cet événement précède"),
    (story(event(NINE, "decision_signed")), "events[0].outcome: clé obligatoire"),
    (story(event(NINE, "decision_signed", outcome="refused", conditions=1.5)), "events[0].conditions: un nombre entier"),
    (story(event(NINE, "fined", amount=-1)), "events[0].amount: un nombre entier"),
    (story(event(NINE, "judgment", outcome="annulled_reexamine", reexamine_within_days=10**9)), "reexamine_within_days: un nombre"),
    (story(event(NINE, "corrects", event=0, corrected_at=NINE)), "events[0].event: seul un événement antérieur"),
    (story({"at": NINE, "type": "submitted", "a\nb": 1}), r"events[0].a\nb: clé inconnue"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_what_cannot_be_understood_is_told_with_its_place(text, fault, tmp_path, capsys):
    code, out, err = run(text, tmp_path, capsys)
    assert (code, out) == (2, "")
    assert fault in err
    assert len(err.strip().splitlines()) == 1


def test_every_fault_is_told_each_on_its_line(tmp_path, capsys):
    good = {"regime": "APML", "events": []}
    code, out, err = run(json.dumps([good, {"regime": "X", "events": [3], "as_of": 3}]), tmp_path, capsys)
    assert (code, out) == (2, "")
    assert sorted(line.partition(":")[0] for line in err.splitlines()) == ["[1].as_of", "[1].events[0]", "[1].regime"]


def test_a_file_that_is_not_there(capsys):
    stderr = io.StringIO()
    with pytest.raises(SystemExit) as leaving:
        call_command("simulate", "/nowhere.json", stderr=stderr)
    assert leaving.value.code == 2
    assert stderr.getvalue().startswith("/nowhere.json: ce fichier ne peut pas être lu")
