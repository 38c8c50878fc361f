"""Each code of `refused` and of `warnings`: one story where it is told, and its nearest neighbour where it is not."""

import pytest

from permis.simulation.case import CODES
from tests.permis.stories import OLD, conditional, event, filed, found, granted, handed, refusal, told

CLASS_G = {"dpe": {"class": "G", "established_on": "2023-05-02"}}
OLD_DPE = {"dpe": {"class": "D", "established_on": "2019-05-12"}}
ORDER = {"police_order_on_building": True}
FOUR_LEASES = {"kind": "colocation", "separate_leases": 4}
DIGNITY = {"grounds": ["colocation_dignity"]}
ASKED = [filed(pieces=["form"]), event("2025-03-05", "missing_requested", pieces=["dpe"], respond_by="2025-04-07")]
REMINDED = event("2025-04-08", "reminder_sent")
CLOSED = event("2025-04-25", "closed_incomplete")
TO_DECIDE = [found(), event("2025-06-10", "observations_letter_received")]
LATE_DECLARATION = {"regime": "DML", "events": [filed("2025-09-17", lease_signed_on="2025-09-01")]}
DECLARED_INCOMPLETE = {
    "regime": "DML",
    "events": [
        filed("2025-09-10", pieces=["form"], lease_signed_on="2025-09-01"),
        event("2025-09-12", "missing_requested", pieces=["dpe"], respond_by="2025-10-10"),
    ],
}


def visit(start, end, **facts):
    return event("2025-03-05", "visit_planned", start=start, end=end, **facts)


# code: (what happened, the same story made lawful)
REFUSED = {
    "wrong_state": (
        {"events": [*ASKED, granted()]},
        {"events": [*ASKED, event("2025-03-10", "pieces_received", pieces=["dpe"]), granted()]},
    ),
    "too_late": (
        {"events": [filed(), granted(), event("2025-04-04", "handed_over")]},
        {"events": [filed(), granted(), event("2025-04-03", "handed_over")]},
    ),
    "no_ground": ({"events": [filed(), refusal(grounds=[])]}, {"events": [filed(), refusal(grounds=["health_safety"])]}),
    "no_works": ({"events": [filed(), conditional(conditions=0)]}, {"events": [filed(), conditional(conditions=1)]}),
    "police_order": (
        {"dwelling": ORDER, "events": [filed(), conditional()]},
        {"dwelling": ORDER, "events": [filed(), refusal(grounds=["police_order"])]},
    ),
    "colocation_ground_expired": (
        {"lease": FOUR_LEASES, "events": [filed("2029-04-02"), refusal("2029-04-10", **DIGNITY)]},
        {"lease": FOUR_LEASES, "events": [filed("2029-04-02"), refusal("2029-04-09", **DIGNITY)]},
    ),
    "outside_visit_hours": (
        {"events": [filed(), visit("2025-03-12T20:30", "2025-03-12T21:30")]},
        {"events": [filed(), visit("2025-03-12T20:00", "2025-03-12T21:00")]},
    ),
    "visit_outside_term": (
        {"events": [filed(), visit("2025-04-04T09:00", "2025-04-04T10:00")]},
        {"events": [filed(), visit("2025-04-03T09:00", "2025-04-03T10:00")]},
    ),
    "holder_disagrees": (
        {"events": [filed(), granted(), handed("2025-03-20"), event("2025-05-01", "transfer_filed")]},
        {"events": [filed(), granted(), handed("2025-03-20"), event("2025-05-01", "transfer_filed", holder_agrees=True)]},
    ),
    "not_adversarial": (
        {"events": [filed(), granted(), handed("2025-03-20"), event("2025-07-18", "revoked")]},
        {"events": [filed(), granted(), handed("2025-03-20"), event("2025-07-18", "revoked", adversarial=True)]},
    ),
    "prior_works_not_lifted": (
        {"events": [filed(), conditional(), handed("2025-03-20"), event("2025-04-01", "lease_signed")]},
        {"events": [filed(), conditional(mode="deferred"), handed("2025-03-20"), event("2025-04-01", "lease_signed")]},
    ),
    "regularisation_not_open": (
        {"events": [found(kind="despite_refusal"), *TO_DECIDE[1:], event("2025-07-01", "regularised")]},
        {"events": [*TO_DECIDE, event("2025-07-01", "regularised")]},
    ),
    "fine_barred": (
        {"events": [*TO_DECIDE, event("2026-06-03", "fined", amount=1)]},
        {"events": [*TO_DECIDE, event("2026-06-02", "fined", amount=1)]},
    ),
    "over_cap": (
        {"events": [*TO_DECIDE, event("2025-07-11", "fined", amount=5001)]},
        {"events": [*TO_DECIDE, event("2025-07-11", "fined", amount=5000)]},
    ),
    "no_reminder": ({"events": [*ASKED, CLOSED]}, {"events": [*ASKED, REMINDED, CLOSED]}),
    "unknown_piece": (
        {"dwelling": OLD, "events": [filed(), event("2025-03-05", "missing_requested", pieces=["gas", "asbestos"])]},
        {"dwelling": OLD, "events": [filed(), event("2025-03-05", "missing_requested", pieces=["crep", "asbestos"])]},
    ),
}  # fmt: skip
WARNED = {
    "access_refused": (
        {"events": [filed(), event("2025-03-20", "access_refused")]},
        {"events": [filed(), event("2025-03-20", "access_refused"), event("2025-03-25", "visit_done")]},
    ),
    "colocation_ground_expired": REFUSED["colocation_ground_expired"],
    "extra_piece_not_required": (
        {"events": [filed(), event("2025-03-05", "optional_requested", pieces=["title_deed"])]},
        {"events": [*ASKED]},
    ),
    "fine_barred": ({"events": TO_DECIDE, "as_of": "2026-06-03"}, {"events": TO_DECIDE, "as_of": "2026-06-02"}),
    "incomplete_notice_too_late": (
        {"events": [filed(pieces=["form"]), event("2025-04-04", "missing_requested", pieces=["dpe"])]},
        {"events": [filed(pieces=["form"]), event("2025-04-03", "missing_requested", pieces=["dpe"])]},
    ),
    "lapse_soon": (
        {"events": [filed(), granted(), handed("2025-03-20")], "as_of": "2026-12-20"},
        {"events": [filed(), granted(), handed("2025-03-20")], "as_of": "2026-12-19"},
    ),
    "late_declaration": (LATE_DECLARATION, {"regime": "DML", "events": [filed("2025-09-16", lease_signed_on="2025-09-01")]}),
    "late_refusal": ({"events": [filed(), refusal()], "as_of": "2025-04-04"}, {"events": [filed(), granted()], "as_of": "2025-04-04"}),
    "missing_appeal_routes": (
        {"events": [filed(), conditional(appeal_routes=False)]}, {"events": [filed(), granted(appeal_routes=False)]},
    ),
    "new_declaration_required": ({**DECLARED_INCOMPLETE, "as_of": "2025-10-11"}, {**DECLARED_INCOMPLETE, "as_of": "2025-10-10"}),
    "non_decent_energy": (
        {"dwelling": CLASS_G, "events": [filed("2025-01-01")]}, {"dwelling": CLASS_G, "events": [filed("2024-12-31")]},
    ),
    "notification_pending": (
        {"events": [filed(), refusal(), event("2025-04-01", "available")], "as_of": "2025-04-16"},
        {"events": [filed(), refusal(), event("2025-04-01", "available")], "as_of": "2025-04-17"},
    ),
    "out_of_scope": ({"lease": {"kind": "tourist"}, "events": [filed()]}, {"lease": {"kind": "anah_intermediate"}, "events": [filed()]}),
    "outside_visit_hours": (
        {"events": [filed(), event("2025-03-12T05:59", "visit_done")]}, {"events": [filed(), event("2025-03-12T06:00", "visit_done")]},
    ),
    "piece_expired": (
        {"dwelling": OLD_DPE, "events": [filed("2025-01-10")]}, {"dwelling": OLD_DPE, "events": [filed("2024-12-31")]},
    ),
    "police_order": ({"dwelling": ORDER, "events": [filed()]}, {"events": [filed()]}),
    "regularisation_not_open": REFUSED["regularisation_not_open"],
    "tacit_revocable": (
        {"dwelling": CLASS_G, "events": [filed()], "as_of": "2025-08-03"},
        {"dwelling": CLASS_G, "events": [filed()], "as_of": "2025-08-04"},
    ),
    "visit_outside_term": (
        {"events": [filed(), event("2025-04-04", "visit_done")]}, {"events": [filed(), event("2025-04-03", "visit_done")]},
    ),
    "zone_too_early": (
        {"events": [event("2025-08-31", "zone_published", entry_into_force="2026-02-27")]},
        {"events": [event("2025-08-31", "zone_published", entry_into_force="2026-02-28")]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSED)
def test_what_the_law_refuses_is_refused_with_its_code_and_its_neighbour_is_not(code):
    refused, allowed = REFUSED[code]
    last = len(refused["events"]) - 1
    assert told(**refused)["refused"] == [f"{last} {code}"]
    assert told(**allowed)["refused"] == []


@pytest.mark.parametrize("code", WARNED)
def test_what_must_be_known_is_warned_of_and_its_neighbour_is_not(code):
    warned, quiet = WARNED[code]
    assert code in told(**warned)["warnings"]
    assert code not in told(**quiet)["warnings"]


def test_every_code_of_the_format_is_in_the_tables():
    assert set(REFUSED) == CODES
    assert set(WARNED) == {
        "access_refused", "colocation_ground_expired", "extra_piece_not_required", "fine_barred", "incomplete_notice_too_late",
        "lapse_soon", "late_declaration", "late_refusal", "missing_appeal_routes", "new_declaration_required", "non_decent_energy",
        "notification_pending", "out_of_scope", "outside_visit_hours", "piece_expired", "police_order", "regularisation_not_open",
        "tacit_revocable", "visit_outside_term", "zone_too_early",
    }  # fmt: skip
