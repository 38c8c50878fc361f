"""The worked scenarios of the law, read and answered as `manage.py simulate` does."""

import io
import json

import pytest
from django.core.management import call_command

from permis import simulation

COMPLETE = ["form", "dpe"]


def event(at, name, **facts):
    return {"at": at if "T" in at else f"{at}T10:00", "type": name, **facts}


def filed(at="2025-03-03", pieces=COMPLETE, **facts):
    return event(at, "submitted", pieces=pieces, **facts)


def granted(at="2025-03-18"):
    return event(at, "decision_signed", outcome="granted")


def refusal(at="2025-04-01", **facts):
    return event(at, "decision_signed", outcome="refused", **{"grounds": ["decency"], "conditions": 2, **facts})


def conditional(at="2025-03-18", **facts):
    return event(at, "decision_signed", outcome="conditional", grounds=["decency"], conditions=1, mode="prior", **facts)


SCENARIOS = {
    "1 complete": (
        {"events": [filed()]},
        {"state": "under_review", "tacit_on": "2025-04-03", "officer_target_on": "2025-04-02", "warnings": [], "missing": []},
    ),
    "2 end of month": ({"events": [filed("2025-01-31")]}, {"tacit_on": "2025-02-28"}),
    "2 end of month, leap year": ({"events": [filed("2024-01-31")]}, {"tacit_on": "2024-02-29"}),
    "3 holiday": ({"events": [filed("2025-04-01")]}, {"tacit_on": "2025-05-01"}),
    "4 Sunday": (
        {"events": [filed("2025-05-15")], "as_of": "2025-06-16"},
        {"state": "granted_tacit", "tacit_on": "2025-06-15", "valid_until": "2027-06-15", "withdrawable_until": "2025-10-15"},
    ),
    "4 the last day is open": ({"events": [filed("2025-05-15")], "as_of": "2025-06-15"}, {"state": "under_review"}),
    "5 restart at the last piece": (
        {
            "dwelling": {"construction_year": 1930, "electricity_age": None, "gas_age": None},
            "events": [
                filed("2025-03-10"),
                event("2025-03-14", "missing_requested", pieces=["crep"], respond_by="2025-04-14"),
                event("2025-03-28", "pieces_received", pieces=["crep"]),
            ],
            "as_of": "2025-04-20",
        },
        {"state": "under_review", "clock_started_on": "2025-03-28", "tacit_on": "2025-04-28", "respond_by": None},
    ),
    "6 never completed": (
        {
            "dwelling": {"construction_year": 1930, "electricity_age": None, "gas_age": None},
            "events": [filed("2025-03-10"), event("2025-03-14", "missing_requested", pieces=["crep"], respond_by="2025-04-14")],
            "as_of": "2026-03-10",
        },
        {"state": "incomplete", "tacit_on": None, "clock_started_on": None, "respond_by": "2025-04-14", "missing": ["crep"]},
    ),
    "7 surplus piece": (
        {"events": [filed(), event("2025-03-05", "optional_requested", pieces=["title_deed"])]},
        {"state": "under_review", "tacit_on": "2025-04-03", "warnings": ["extra_piece_not_required"]},
    ),
    "7 surplus piece asked as missing": (
        {"events": [filed(), event("2025-03-05", "missing_requested", pieces=["title_deed"])]},
        {"state": "under_review", "codes": ["unknown_piece"], "warnings": ["extra_piece_not_required"]},
    ),
    "8 asked too late": (
        {
            "dwelling": {"gas_age": 18},
            "events": [filed(), event("2025-04-07", "missing_requested", pieces=["gas"])],
        },
        {
            "state": "granted_tacit",
            "codes": ["too_late"],
            "withdrawable_until": "2025-08-03",
            "warnings": ["incomplete_notice_too_late", "tacit_revocable"],
        },
    ),
    "9 refusal presented too late": (
        {"events": [filed(), refusal(), event("2025-04-04", "first_presented")]},
        {"state": "granted_tacit", "notified_on": None, "codes": ["too_late"], "warnings": ["late_refusal", "tacit_revocable"]},
    ),
    "10 first presentation decides": (
        {"events": [filed(), refusal(), event("2025-04-02", "first_presented"), event("2025-04-14", "collected")]},
        {"state": "refused", "notified_on": "2025-04-02", "valid_until": None, "appeal_until": "2025-06-03"},
    ),
    "11 class G": (
        {"dwelling": {"dpe": {"class": "G", "established_on": "2023-05-02"}}, "events": [filed()]},
        {"state": "under_review", "warnings": ["non_decent_energy"]},
    ),
    "12 class F on the planned day": (
        {
            "dwelling": {"dpe": {"class": "F", "established_on": "2023-05-02"}},
            "lease": {"planned_on": "2028-01-15"},
            "events": [filed("2027-12-01")],
        },
        {"warnings": ["non_decent_energy"]},
    ),
    "12 overseas, G is lettable until 2028": (
        {
            "authority": {"insee": "97411", "time_zone": "Indian/Reunion"},
            "dwelling": {"dpe": {"class": "G", "established_on": "2023-05-02"}},
            "events": [filed()],
        },
        {"warnings": []},
    ),
    "13 expired DPE": (
        {"dwelling": {"dpe": {"class": "D", "established_on": "2019-05-12"}}, "events": [filed("2025-01-10")]},
        {"state": "submitted", "missing": ["dpe"], "warnings": ["piece_expired"], "tacit_on": "2025-02-10"},
    ),
    "13 expired DPE, then a new one": (
        {
            "dwelling": {"dpe": {"class": "D", "established_on": "2019-05-12"}},
            "events": [
                filed("2025-01-10"),
                event("2025-01-13", "missing_requested", pieces=["dpe"]),
                event("2025-01-20", "pieces_received", pieces=["dpe"]),
            ],
        },
        {"state": "under_review", "missing": [], "warnings": [], "tacit_on": "2025-02-20"},
    ),
    "14 no asbestos document": (
        {"dwelling": {"construction_year": 1975, "electricity_age": 10, "gas_age": None}, "events": [filed()]},
        {"state": "under_review"},
    ),
    "15 police order": (
        {"dwelling": {"police_order_on_building": True}, "events": [filed(), granted()], "as_of": "2025-04-04"},
        {"state": "granted_tacit", "codes": ["police_order"], "warnings": ["police_order", "tacit_revocable"]},
    ),
    "16 access refused": (
        {"events": [filed(), event("2025-03-20", "access_refused")]},
        {"state": "under_review", "tacit_on": "2025-04-03", "warnings": ["access_refused"]},
    ),
    "17 owner absent twice": (
        {"events": [filed(), event("2025-03-12", "visit_missed"), event("2025-03-19", "visit_missed")]},
        {"state": "under_review", "tacit_on": "2025-04-03"},
    ),
    "18 visit at 21:30": (
        {"events": [filed(), event("2025-03-05", "visit_planned", start="2025-03-12T21:30", end="2025-03-12T22:00")]},
        {"codes": ["outside_visit_hours"], "warnings": ["outside_visit_hours"]},
    ),
    "18 visit after the month": (
        {"events": [filed(), event("2025-03-05", "visit_planned", start="2025-04-04T09:00", end="2025-04-04T10:00")]},
        {"codes": ["visit_outside_term"], "warnings": ["visit_outside_term"]},
    ),
    "19 lifted": (
        {
            "events": [
                filed(), conditional(), event("2025-03-20", "handed_over"), event("2025-04-08", "visit_done", conclusion="favourable"),
                event("2025-04-08", "conditions_lifted"),
            ],
        },
        {"state": "granted", "valid_until": "2027-03-20", "withdrawable_until": "2025-07-18", "warnings": []},
    ),
    "20 valid to the last day": (
        {"events": [filed(), granted(), event("2025-03-20", "handed_over")], "as_of": "2027-03-20"},
        {"state": "granted", "warnings": ["lapse_soon"]},
    ),
    "20 lapsed": (
        {"events": [filed(), granted(), event("2025-03-20", "handed_over")], "as_of": "2027-03-21"},
        {"state": "lapsed", "valid_until": "2027-03-20", "warnings": []},
    ),
    "22 renewal": (
        {"lease": {"kind": "renewal"}, "events": [filed()]},
        {"state": "out_of_scope", "tacit_on": None, "warnings": ["out_of_scope"]},
    ),
    "26 no appeal routes": (
        {"events": [filed(), refusal(appeal_routes=False), event("2025-04-02", "handed_over")]},
        {"state": "refused", "appeal_until": None, "warnings": ["missing_appeal_routes"]},
    ),
    "27 mobility lease": ({"lease": {"kind": "mobility"}, "events": [filed()]}, {"state": "out_of_scope"}),
    "28 colocation": (
        {
            "lease": {"kind": "colocation", "separate_leases": 4},
            "events": [
                filed("2026-03-02"), refusal("2026-03-20", grounds=["colocation_dignity"], conditions=1), event("2026-03-21", "handed_over"),
            ],
        },
        {"state": "refused"},
    ),
    "28 colocation ground has ended": (
        {
            "lease": {"kind": "colocation", "separate_leases": 4},
            "events": [filed("2029-04-02"), refusal("2029-04-10", grounds=["colocation_dignity"], conditions=1)],
        },
        {"codes": ["colocation_ground_expired"], "warnings": ["colocation_ground_expired"]},
    ),
    "refusal without ground": ({"events": [filed(), refusal(grounds=[])]}, {"codes": ["no_ground"], "state": "under_review"}),
    "refusal without works": ({"events": [filed(), refusal(conditions=0)]}, {"codes": ["no_works"], "state": "under_review"}),
    "forwarded": (
        {"events": [filed(competent=False), event("2025-03-10", "forwarded")]},
        {"state": "under_review", "clock_started_on": "2025-03-10", "tacit_on": "2025-04-10"},
    ),
    "not forwarded": ({"events": [filed(competent=False)], "as_of": "2025-06-01"}, {"state": "submitted", "tacit_on": None}),
    "a deposit lacking a piece nobody asks for": (
        {"events": [filed(pieces=["form"])], "as_of": "2025-04-04"},
        {"state": "granted_tacit", "missing": ["dpe"], "warnings": ["tacit_revocable"]},
    ),
    "portal, unread, held": (
        {"events": [filed(), refusal(), event("2025-04-01", "available")], "as_of": "2025-04-16"},
        {"state": "decision_signed", "notified_on": None, "warnings": ["notification_pending"]},
    ),
    "portal, unread to the end": (
        {"events": [filed(), refusal(), event("2025-04-01", "available")], "as_of": "2025-04-17"},
        {"state": "refused", "notified_on": "2025-04-01", "warnings": []},
    ),
    "portal, opened in time": (
        {"events": [filed(), refusal(), event("2025-04-01", "available"), event("2025-04-03", "opened")]},
        {"state": "refused", "notified_on": "2025-04-03"},
    ),
    "portal, opened too late": (
        {"events": [filed(), refusal(), event("2025-04-01", "available"), event("2025-04-10", "opened")]},
        {"state": "granted_tacit", "notified_on": None, "warnings": ["late_refusal", "tacit_revocable"], "codes": []},
    ),
    "closed after a reminder": (
        {
            "events": [
                filed(pieces=["form"]), event("2025-03-05", "missing_requested", pieces=["dpe"], respond_by="2025-04-07"),
                event("2025-04-10", "reminder_sent"), event("2025-04-25", "closed_incomplete"),
            ],
        },
        {"state": "closed_incomplete", "codes": []},
    ),
    "closed without a reminder": (
        {
            "events": [
                filed(pieces=["form"]), event("2025-03-05", "missing_requested", pieces=["dpe"], respond_by="2025-04-07"),
                event("2025-04-25", "closed_incomplete"),
            ],
        },
        {"state": "incomplete", "codes": ["no_reminder"]},
    ),
    "withdrawn": ({"events": [filed(), event("2025-03-05", "withdrawn")], "as_of": "2025-06-01"}, {"state": "withdrawn"}),
    "decision while incomplete": (
        {"events": [filed(pieces=["form"]), event("2025-03-05", "missing_requested", pieces=["dpe"]), granted()]},
        {"state": "incomplete", "codes": ["wrong_state"]},
    ),
    "revoked after a hearing": (
        {"events": [filed(), granted(), event("2025-03-20", "handed_over"), event("2025-07-18", "revoked", adversarial=True)]},
        {"state": "revoked", "codes": []},
    ),
    "revoked without a hearing": (
        {"events": [filed(), granted(), event("2025-03-20", "handed_over"), event("2025-07-18", "revoked")]},
        {"state": "granted", "codes": ["not_adversarial"]},
    ),
    "a corrected first presentation reverses the refusal": (
        {
            "events": [
                filed(), refusal(), event("2025-04-02", "first_presented"),
                event("2025-04-20", "corrects", event=2, corrected_at="2025-04-04T10:00"),
            ],
        },
        {"state": "granted_tacit", "notified_on": None},
    ),
    "a corrected reception moves the month": (
        {"events": [filed(), event("2025-03-20", "corrects", event=0, corrected_at="2025-03-05T09:00")]},
        {"state": "under_review", "tacit_on": "2025-04-05"},
    ),
    "zone in force too early": (
        {"events": [event("2025-08-31", "zone_published", entry_into_force="2026-02-27")]},
        {"state": None, "earliest_entry_into_force": "2026-02-28", "warnings": ["zone_too_early"]},
    ),
    "zone in time": ({"events": [event("2025-08-31", "zone_published", entry_into_force="2026-02-28")]}, {"warnings": []}),
    "appeal from overseas": (
        {"applicant": {"overseas": True}, "events": [filed(), refusal(), event("2025-04-02", "handed_over")]},
        {"appeal_until": "2025-07-03"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(name):
    story, expected = SCENARIOS[name]
    found = simulation.answer(simulation.read({"regime": "APML", **story}))
    found["codes"] = [refusal["code"] for refusal in found["refused"]]
    assert {key: found[key] for key in expected} == expected


def test_every_covered_code_is_seen_with_and_without():
    stories = [expected for _, expected in SCENARIOS.values()]
    warned = {code for expected in stories for code in expected.get("warnings", ())}
    refused = {code for expected in stories for code in expected.get("codes", ())}
    assert refused == {
        "wrong_state", "too_late", "no_ground", "no_works", "police_order", "colocation_ground_expired", "outside_visit_hours",
        "visit_outside_term", "not_adversarial", "no_reminder", "unknown_piece",
    }  # fmt: skip
    assert warned == {
        "access_refused", "colocation_ground_expired", "extra_piece_not_required", "incomplete_notice_too_late", "lapse_soon",
        "late_refusal", "missing_appeal_routes", "non_decent_energy", "notification_pending", "out_of_scope", "outside_visit_hours",
        "piece_expired", "police_order", "tacit_revocable", "visit_outside_term", "zone_too_early",
    }  # fmt: skip


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


def test_one_object_in_one_object_out(tmp_path, capsys):
    code, out, err = run(json.dumps({"id": "a", "regime": "APML", "events": [filed()]}), tmp_path, capsys)
    assert (code, json.loads(out)["id"], err) == (0, "a", "")


def test_a_list_in_a_list_out_in_order(tmp_path, capsys):
    stories = [{"id": name, "regime": "APML", "events": [filed()]} for name in "ba"]
    _, out, _ = run(json.dumps(stories), tmp_path, capsys)
    assert [answer["id"] for answer in json.loads(out)] == ["b", "a"]


@pytest.mark.parametrize(
    ("story", "fault"),
    [
        ("{", "JSON illisible"),
        ('{"events": []}', "regime: clé obligatoire"),
        ('{"regime": "DML", "events": []}', "ne simule pas encore"),
        ('{"regime": "APML"}', "events: clé obligatoire"),
        ('{"regime": "APML", "events": [], "colour": 1}', "colour: clé inconnue"),
        ('{"regime": "APML", "events": [], "dwelling": {"dpe": {"klass": "D"}}}', "dwelling.dpe.klass: clé inconnue"),
        ('{"regime": "APML", "events": [{"at": "hier", "type": "submitted"}]}', "events[0].at: une date"),
        ('{"regime": "APML", "events": [{"at": "2025-03-10T09:30", "type": "dances"}]}', "events[0].type: type"),
        ('{"regime": "APML", "events": [{"at": "2025-03-10T09:30", "type": "lease_signed"}]}', "ne simule pas encore"),
        ('{"regime": "APML", "events": [{"at": "2025-03-10T09:30", "type": "submitted", "pieces": ["poem"]}]}', "pieces[0]"),
        (
            json.dumps({"regime": "APML", "events": [filed("2025-03-10"), event("2025-03-09", "withdrawn")]}),
            "events[1].at: cet événement précède",
        ),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place(story, fault, tmp_path, capsys):
    code, out, err = run(story, tmp_path, capsys)
    assert (code, out) == (2, "")
    assert fault in err


def test_as_of_is_the_last_event_when_left_out():
    story = {"regime": "APML", "events": [filed(), event("2025-04-04", "optional_requested", pieces=["photos"])]}
    assert simulation.answer(simulation.read(story))["state"] == "granted_tacit"
