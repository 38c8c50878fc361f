"""The worked scenarios of the law (`manage.py simulate`), every field of each answer."""

import pytest

from tests.permis.stories import (
    MARCH,
    NOTHING,
    OLD,
    conditional,
    event,
    filed,
    found,
    granted,
    handed,
    refusal,
    told,
)  # fmt: skip

REVIEWED = {"state": "under_review", **MARCH}
SCENARIOS = {
    "1 complete": ({"events": [filed()]}, REVIEWED),
    "1 notified on the last day": (
        {"events": [filed(), refusal("2025-04-03"), handed("2025-04-03T23:59")]},
        {"state": "refused", **MARCH, "notified_on": "2025-04-03", "appeal_until": "2025-06-04"},
    ),
    "2 end of month": (
        {"events": [filed("2025-01-31")]},
        {"state": "under_review", "clock_started_on": "2025-01-31", "tacit_on": "2025-02-28", "officer_target_on": "2025-02-27"},
    ),
    "3 holiday": (
        {"events": [filed("2025-04-01")]},
        {"state": "under_review", "clock_started_on": "2025-04-01", "tacit_on": "2025-05-01", "officer_target_on": "2025-04-30"},
    ),
    "4 Sunday": (
        {"events": [filed("2025-05-15")], "as_of": "2025-06-16"},
        {
            "state": "granted_tacit", "clock_started_on": "2025-05-15", "tacit_on": "2025-06-15", "officer_target_on": "2025-06-14",
            "valid_until": "2027-06-15", "withdrawable_until": "2025-10-15",
        },
    ),
    "5 restart at the last piece": (
        {
            "dwelling": OLD,
            "events": [
                filed("2025-03-10"),
                event("2025-03-14", "missing_requested", pieces=["crep"], respond_by="2025-04-14"),
                event("2025-03-28", "pieces_received", pieces=["crep"]),
            ],
            "as_of": "2025-04-20",
        },
        {"state": "under_review", "clock_started_on": "2025-03-28", "tacit_on": "2025-04-28", "officer_target_on": "2025-04-27"},
    ),
    "6 never completed": (
        {
            "dwelling": OLD,
            "events": [filed("2025-03-10"), event("2025-03-14", "missing_requested", pieces=["crep"], respond_by="2025-04-14")],
            "as_of": "2026-03-10",
        },
        {"state": "incomplete", "respond_by": "2025-04-14", "missing": ["crep"]},
    ),
    "6 never completed, then closed": (
        {
            "dwelling": OLD,
            "events": [
                filed("2025-03-10"),
                event("2025-03-14", "missing_requested", pieces=["crep"], respond_by="2025-04-14"),
                event("2025-04-15", "reminder_sent"),
                event("2025-05-05", "closed_incomplete"),
            ],
        },
        {"state": "closed_incomplete", "missing": ["crep"]},
    ),
    "7 surplus piece": (
        {"events": [filed(), event("2025-03-05", "optional_requested", pieces=["title_deed"])]},
        {**REVIEWED, "warnings": ["extra_piece_not_required"]},
    ),
    "7 surplus piece asked for as missing": (
        {"events": [filed(), event("2025-03-05", "missing_requested", pieces=["title_deed"])]},
        {**REVIEWED, "refused": ["1 unknown_piece"], "warnings": ["extra_piece_not_required"]},
    ),
    "8 asked too late": (
        {"dwelling": {"gas_age": 18}, "events": [filed(), event("2025-04-07", "missing_requested", pieces=["gas"])]},
        {
            "state": "granted_tacit", **MARCH, "valid_until": "2027-04-03", "withdrawable_until": "2025-08-03", "missing": ["gas"],
            "refused": ["1 too_late"], "warnings": ["incomplete_notice_too_late", "tacit_revocable"],
        },
    ),
    "9 refusal presented too late": (
        {"events": [filed(), refusal(), event("2025-04-04", "first_presented")]},
        {
            "state": "granted_tacit", **MARCH, "valid_until": "2027-04-03", "withdrawable_until": "2025-08-03",
            "refused": ["2 too_late"], "warnings": ["late_refusal", "tacit_revocable"],
        },
    ),
    "10 first presentation decides": (
        {
            "events": [
                filed(), refusal(), event("2025-04-01", "notice_sent", means="registered_letter"),
                event("2025-04-02", "first_presented"), event("2025-04-14", "collected"),
            ],
        },
        {"state": "refused", **MARCH, "notified_on": "2025-04-02", "appeal_until": "2025-06-03"},
    ),
    "11 class G": (
        {"dwelling": {"dpe": {"class": "G", "established_on": "2023-05-02"}}, "events": [filed()]},
        {**REVIEWED, "warnings": ["non_decent_energy"]},
    ),
    "11 class G, refused": (
        {
            "dwelling": {"dpe": {"class": "G", "established_on": "2023-05-02"}},
            "events": [filed(), refusal("2025-03-18", conditions=1), handed("2025-03-20")],
        },
        {"state": "refused", **MARCH, "notified_on": "2025-03-20", "appeal_until": "2025-05-21", "warnings": ["non_decent_energy"]},
    ),
    "12 class F on the planned day": (
        {
            "dwelling": {"dpe": {"class": "F", "established_on": "2023-05-02"}},
            "lease": {"planned_on": "2028-01-15"},
            "events": [filed("2027-12-01")],
        },
        {
            "state": "under_review", "clock_started_on": "2027-12-01", "tacit_on": "2028-01-01", "officer_target_on": "2027-12-31",
            "warnings": ["non_decent_energy"],
        },
    ),
    "13 expired DPE": (
        {"dwelling": {"dpe": {"class": "D", "established_on": "2019-05-12"}}, "events": [filed("2025-01-10")]},
        {
            "state": "submitted", "clock_started_on": "2025-01-10", "tacit_on": "2025-02-10", "officer_target_on": "2025-02-09",
            "missing": ["dpe"], "warnings": ["piece_expired"],
        },
    ),
    "13 expired DPE, asked for": (
        {
            "dwelling": {"dpe": {"class": "D", "established_on": "2019-05-12"}},
            "events": [filed("2025-01-10"), event("2025-01-13", "missing_requested", pieces=["dpe"])],
        },
        {"state": "incomplete", "respond_by": "2025-02-13", "missing": ["dpe"], "warnings": ["piece_expired"]},
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
        {"state": "under_review", "clock_started_on": "2025-01-20", "tacit_on": "2025-02-20", "officer_target_on": "2025-02-19"},
    ),
    "14 no asbestos document": (
        {"dwelling": {"construction_year": 1975, "electricity_age": 10, "gas_age": None}, "events": [filed()]},
        REVIEWED,
    ),
    "15 police order, then silence": (
        {"dwelling": {"police_order_on_building": True}, "events": [filed(), granted()], "as_of": "2025-04-04"},
        {
            "state": "granted_tacit", **MARCH, "valid_until": "2027-04-03", "withdrawable_until": "2025-08-03",
            "refused": ["1 police_order"], "warnings": ["police_order", "tacit_revocable"],
        },
    ),
    "15 police order, refused": (
        {
            "dwelling": {"police_order_on_building": True},
            "events": [filed(), refusal("2025-03-18", grounds=["police_order"]), handed("2025-03-20")],
        },
        {"state": "refused", **MARCH, "notified_on": "2025-03-20", "appeal_until": "2025-05-21", "warnings": ["police_order"]},
    ),
    "16 access refused": (
        {"events": [filed(), event("2025-03-20", "access_refused")]},
        {**REVIEWED, "warnings": ["access_refused"]},
    ),
    "17 owner absent twice": (
        {
            "events": [
                filed(), event("2025-03-05", "visit_planned", start="2025-03-12T10:00", end="2025-03-12T11:00"),
                event("2025-03-12", "visit_missed"), event("2025-03-19", "visit_missed"),
            ],
        },
        REVIEWED,
    ),
    "18 visit at 21:30": (
        {"events": [filed(), event("2025-03-05", "visit_planned", start="2025-03-12T21:30", end="2025-03-12T22:00")]},
        {**REVIEWED, "refused": ["1 outside_visit_hours"], "warnings": ["outside_visit_hours"]},
    ),
    "19 works before the lease, not yet lifted": (
        {
            "events": [
                filed(), conditional(), handed("2025-03-20"), event("2025-04-02", "pieces_received", pieces=["photos"]),
                event("2025-04-05", "lease_signed", on="2025-04-05"),
            ],
        },
        {
            "state": "granted_conditional", **MARCH, "notified_on": "2025-03-20", "valid_until": "2027-03-20",
            "withdrawable_until": "2025-07-18", "appeal_until": "2025-05-21", "refused": ["4 prior_works_not_lifted"],
        },
    ),
    "19 lifted, then let": (
        {
            "events": [
                filed(), conditional(), handed("2025-03-20"), event("2025-04-02", "pieces_received", pieces=["photos"]),
                event("2025-04-03", "visit_planned", start="2025-04-08T09:00", end="2025-04-08T10:00", purpose="counter"),
                event("2025-04-08T09:30", "visit_done", conclusion="favourable"), event("2025-04-08", "conditions_lifted"),
                event("2025-04-10", "lease_signed", on="2025-04-10"),
            ],
        },
        {
            "state": "used", **MARCH, "notified_on": "2025-03-20", "valid_until": "2027-03-20", "withdrawable_until": "2025-07-18",
            "appeal_until": "2025-05-21",
        },
    ),
    "20 valid to the last day": (
        {"events": [filed(), granted(), handed("2025-03-20")], "as_of": "2027-03-20"},
        {
            "state": "granted", **MARCH, "notified_on": "2025-03-20", "valid_until": "2027-03-20", "withdrawable_until": "2025-07-18",
            "warnings": ["lapse_soon"],
        },
    ),
    "20 lapsed": (
        {"events": [filed(), granted(), handed("2025-03-20")], "as_of": "2027-03-21"},
        {
            "state": "lapsed", **MARCH, "notified_on": "2025-03-20", "valid_until": "2027-03-20", "withdrawable_until": "2025-07-18",
        },
    ),
    "21 a second lease": (
        {
            "events": [
                filed(), granted(), handed("2025-03-20"), event("2025-06-01", "lease_signed", on="2025-06-01"),
                event("2026-02-01", "lease_signed", on="2026-02-01"),
            ],
        },
        {
            "state": "used", **MARCH, "notified_on": "2025-03-20", "valid_until": "2027-03-20", "withdrawable_until": "2025-07-18",
            "refused": ["4 wrong_state"],
        },
    ),
    "22 amendment": (
        {"lease": {"kind": "amendment"}, "events": [filed("2026-03-02")]}, {"state": "out_of_scope", "warnings": ["out_of_scope"]},
    ),
    "22 tacit renewal": (
        {"lease": {"kind": "tacit_renewal"}, "events": [filed("2026-03-02")]}, {"state": "out_of_scope", "warnings": ["out_of_scope"]},
    ),
    "23 declared on the last day": (
        {"regime": "DML", "events": [filed("2025-09-16", lease_signed_on="2025-09-01")]},
        {"state": "receipted", "declaration_due_on": "2025-09-16", "receipt_due_on": "2025-09-23"},
    ),
    "23 posted on the last day": (
        {
            "regime": "DML",
            "events": [filed("2025-09-19", channel="paper", lease_signed_on="2025-09-01", posted_on="2025-09-16")],
        },
        {"state": "receipted", "declaration_due_on": "2025-09-16", "receipt_due_on": "2025-09-26"},
    ),
    "23 posted too late": (
        {
            "regime": "DML",
            "events": [filed("2025-09-19", channel="paper", lease_signed_on="2025-09-01", posted_on="2025-09-17")],
        },
        {
            "state": "receipted", "declaration_due_on": "2025-09-16", "receipt_due_on": "2025-09-26", "warnings": ["late_declaration"],
        },
    ),
    "24 let without a request, regularised": (
        {"events": [found(), event("2025-06-10", "observations_letter_received"), filed("2025-07-01"), event("2025-07-01", "regularised")]},
        {
            "state": "under_review", "clock_started_on": "2025-07-01", "tacit_on": "2025-08-01", "officer_target_on": "2025-07-31",
            "sanction": "regularised", "observations_until": "2025-07-10", "fine_barred_after": "2026-06-02", "fine_cap": 5000,
        },
    ),
    "24 the last day to fine": (
        {"events": [found(), event("2025-06-10", "observations_letter_received"), event("2026-06-02", "fined", amount=5000)]},
        {"sanction": "fined", "observations_until": "2025-07-10", "fine_barred_after": "2026-06-02", "fine_cap": 5000},
    ),
    "24 a year has passed": (
        {"events": [found(), event("2025-06-10", "observations_letter_received"), event("2026-06-03", "fined", amount=3000)]},
        {
            "sanction": "to_decide", "observations_until": "2025-07-10", "fine_barred_after": "2026-06-02", "fine_cap": 5000,
            "refused": ["2 fine_barred"], "warnings": ["fine_barred"],
        },
    ),
    "25 let after a refusal": (
        {
            "events": [
                filed(), refusal(), handed("2025-04-02"), found("2025-06-02", "despite_refusal"),
                event("2025-06-10", "observations_letter_received"), event("2025-06-20", "regularised"),
                event("2025-07-11", "fined", amount=15000),
            ],
        },
        {
            "state": "refused", **MARCH, "notified_on": "2025-04-02", "appeal_until": "2025-06-03", "sanction": "fined",
            "observations_until": "2025-07-10", "fine_barred_after": "2026-06-02", "fine_cap": 15000,
            "refused": ["5 regularisation_not_open"], "warnings": ["regularisation_not_open"],
        },
    ),
    "26 no appeal routes": (
        {"events": [filed(), refusal(appeal_routes=False), handed("2025-04-02")], "as_of": "2025-12-01"},
        {"state": "refused", **MARCH, "notified_on": "2025-04-02", "warnings": ["missing_appeal_routes"]},
    ),
    "27 mobility lease": (
        {"lease": {"kind": "mobility"}, "events": [filed()]}, {"state": "out_of_scope", "warnings": ["out_of_scope"]},
    ),
    "28 colocation": (
        {
            "lease": {"kind": "colocation", "separate_leases": 4},
            "events": [filed("2026-03-02"), refusal("2026-03-20", grounds=["colocation_dignity"]), handed("2026-03-21")],
        },
        {
            "state": "refused", "clock_started_on": "2026-03-02", "tacit_on": "2026-04-02", "officer_target_on": "2026-04-01",
            "notified_on": "2026-03-21", "appeal_until": "2026-05-22",
        },
    ),
    "28 colocation ground has ended": (
        {
            "lease": {"kind": "colocation", "separate_leases": 4},
            "events": [filed("2029-04-02"), refusal("2029-04-10", grounds=["colocation_dignity"])],
        },
        {
            "state": "under_review", "clock_started_on": "2029-04-02", "tacit_on": "2029-05-02", "officer_target_on": "2029-05-01",
            "refused": ["1 colocation_ground_expired"], "warnings": ["colocation_ground_expired"],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_answer_to_a_worked_scenario_is_right_in_every_field(name):
    story, expected = SCENARIOS[name]
    assert told(**story) == {**NOTHING, **expected}


def test_every_worked_scenario_is_told():
    assert {int(name.split()[0]) for name in SCENARIOS} == set(range(1, 29))
