"""Where a day, an hour or a second event changes everything: the edges of the law, told as stories."""

import pytest

from tests.permis.stories import MARCH, OLD, conditional, event, filed, found, granted, handed, refusal, timeline, told

REUNION = {"insee": "97411", "time_zone": "Indian/Reunion"}
REFUSED = [filed(), refusal(), handed("2025-04-02")]
APPEALED = [*REFUSED, event("2025-05-05", "appeal_filed", kind="administrative")]
CONDITIONS = [filed(), conditional(mode="deferred"), handed("2025-03-20")]
ASKED = [filed(pieces=["form"]), event("2025-03-05", "missing_requested", pieces=["dpe"], respond_by="2025-04-07")]
DECLARED = filed("2025-09-10", pieces=["form"], lease_signed_on="2025-09-01")
PORTAL = [filed(), refusal(), event("2025-04-03", "available")]
LETTER = [found(), event("2025-06-10", "observations_letter_received")]

# story, as_of (or None for the last event), what the answer says
EDGES = {
    # the month
    "31 January, leap year": ([filed("2024-01-31")], None, {"tacit_on": "2024-02-29", "officer_target_on": "2024-02-28"}),
    "29 February": ([filed("2024-02-29")], None, {"tacit_on": "2024-03-29"}),
    "31 August": ([filed("2025-08-31")], None, {"tacit_on": "2025-09-30"}),
    "two years from a leap day": ([filed("2024-02-20"), granted("2024-02-27"), handed("2024-02-29")], None, {"valid_until": "2026-02-28"}),
    "silence on the last day itself": ([filed()], "2025-04-03", {"state": "under_review", "valid_until": None}),
    "silence on the next day": ([filed()], "2025-04-04", {"state": "granted_tacit", "valid_until": "2027-04-03"}),
    "one minute before midnight": ([filed(), granted(), handed("2025-04-03T23:59")], None, {"state": "granted", "refused": []}),
    "midnight": ([filed(), granted(), handed("2025-04-04T00:00")], None, {"state": "granted_tacit", "refused": ["2 too_late"]}),
    "equal instants keep their order": (
        [filed(), granted("2025-03-20"), handed("2025-03-20")], None, {"state": "granted", "refused": []},
    ),
    "not yet forwarded": ([filed(competent=False)], "2025-06-01", {"state": "submitted", "clock_started_on": None, "tacit_on": None}),
    "forwarded": (
        [filed(competent=False), event("2025-03-10", "forwarded")], None, {"state": "under_review", "clock_started_on": "2025-03-10"},
    ),
    "an authority that must forward decides nothing": ([filed(competent=False), granted()], None, {"state": "submitted", "refused": ["1 wrong_state"]}),
    # pieces
    "a piece nobody asked for leaves the clock running": (
        [filed(pieces=["form"]), event("2025-03-20", "pieces_received", pieces=["dpe"])], None, {"state": "under_review", **MARCH},
    ),
    "half of what was asked for": ([*ASKED, event("2025-03-10", "pieces_received", pieces=["photos"])], None, {"state": "incomplete"}),
    "a request answered on a Monday, its day being a Saturday": (
        [filed(pieces=["form"]), event("2025-03-05", "missing_requested", pieces=["dpe"], respond_by="2025-04-05")], None,
        {"respond_by": "2025-04-07"},
    ),
    "closed before its term": (
        [*ASKED, event("2025-03-20", "reminder_sent"), event("2025-04-07", "closed_incomplete")], None, {"refused": ["3 wrong_state"]},
    ),
    "withdrawn while incomplete": ([*ASKED, event("2025-03-06", "withdrawn")], None, {"state": "withdrawn", "respond_by": None, "tacit_on": None}),
    "withdrawn while under review": ([filed(), event("2025-03-06", "withdrawn")], "2025-06-01", {"state": "withdrawn", **MARCH}),
    # the reading period
    "made available on the last day, unread": (PORTAL, "2025-04-18", {"state": "decision_signed", "warnings": ["notification_pending"]}),
    "made available on the last day, read on it": ([*PORTAL, event("2025-04-03T22:00", "opened")], None, {"state": "refused", "notified_on": "2025-04-03"}),
    "made available on the last day, never read": (PORTAL, "2025-04-19", {"state": "refused", "notified_on": "2025-04-03", "warnings": []}),
    "made available on the last day, read on the next": (
        [*PORTAL, event("2025-04-04", "opened")], None,
        {"state": "granted_tacit", "notified_on": None, "refused": [], "warnings": ["late_refusal", "tacit_revocable"]},
    ),
    "a letter presented while the portal holds the silence": (
        [*PORTAL, event("2025-04-05", "first_presented")], None, {"state": "decision_signed", "refused": ["3 too_late"]},
    ),
    "read after it was deemed read": ([*PORTAL, event("2025-05-20", "opened")], None, {"state": "refused", "notified_on": "2025-04-03"}),
    "made available twice": ([*PORTAL, event("2025-04-03T11:00", "available")], None, {"refused": ["3 wrong_state"]}),
    "signed, not yet notified": (
        [filed(), granted()], None, {"state": "decision_signed", "withdrawable_until": "2025-07-18", "valid_until": None},
    ),
    "a refusal without its routes, overtaken by the silence": (
        [filed(), refusal(appeal_routes=False)], "2025-04-04", {"state": "granted_tacit", "warnings": ["late_refusal", "tacit_revocable"]},
    ),
    # use and lapse
    "works due later, let first": ([*CONDITIONS, event("2025-04-01", "lease_signed")], None, {"state": "used", "refused": []}),
    "conditions whose mode nobody said come first": (
        [filed(), conditional(mode=None), handed("2025-03-20"), event("2025-04-01", "lease_signed")], None,
        {"refused": ["3 prior_works_not_lifted"]},
    ),
    "a lease before the works were found done": (
        [filed(), conditional(), handed("2025-03-20"), event("2025-04-08", "conditions_lifted"), event("2025-04-20", "lease_signed", on="2025-04-07")],
        None, {"state": "granted", "refused": ["4 prior_works_not_lifted"]},
    ),
    "a lease before the permit": (
        [filed(), granted(), handed("2025-03-20"), event("2025-04-01", "lease_signed", on="2025-03-19")], None, {"refused": ["3 wrong_state"]},
    ),
    "a lease on the last day of silence": (
        [filed(), event("2025-04-10", "lease_signed", on="2025-04-03")], None, {"state": "granted_tacit", "refused": ["1 wrong_state"]},
    ),
    "a lease after the two years": (
        [filed(), granted(), handed("2025-03-20"), event("2027-04-01", "lease_signed")], None, {"state": "lapsed", "refused": ["3 too_late"]},
    ),
    "a lease of the two years, known later": (
        [filed(), granted(), handed("2025-03-20"), event("2027-04-01", "lease_signed", on="2027-03-20")], None, {"state": "used", "refused": []},
    ),
    "transferred, then lapsed": (
        [filed(), granted(), handed("2025-03-20"), event("2026-01-05", "transfer_filed", holder_agrees=True)], "2027-03-21",
        {"state": "lapsed", "holder": "transferee", "valid_until": "2027-03-20"},
    ),
    "transferred once used": (
        [*CONDITIONS, event("2025-04-01", "lease_signed"), event("2025-05-01", "transfer_filed", holder_agrees=True)], None,
        {"holder": "initial", "refused": ["4 wrong_state"]},
    ),
    "repealed": ([*CONDITIONS, event("2025-10-01", "repealed")], None, {"state": "repealed"}),
    "repealed without conditions": ([filed(), granted(), handed("2025-03-20"), event("2025-10-01", "repealed")], None, {"refused": ["3 wrong_state"]}),
    "revoked a day too late": (
        [filed(), granted(), handed("2025-03-20"), event("2025-07-19", "revoked", adversarial=True)], None, {"state": "granted", "refused": ["3 too_late"]},
    ),
    "a tacit permit revoked on its last day": (
        [filed(), event("2025-08-03", "revoked", adversarial=True)], None, {"state": "revoked", "withdrawable_until": "2025-08-03"},
    ),
    # appeals
    "an appeal is pending": (
        APPEALED, "2025-07-05", {"appeal": "pending", "appeal_until": None, "implicit_rejection_on": "2025-07-05"},
    ),
    "an appeal is rejected by silence": (
        APPEALED, "2025-07-06", {"appeal": "implicitly_rejected", "appeal_until": "2025-09-08", "implicit_rejection_on": "2025-07-05"},
    ),
    "an appeal is rejected": (
        [*APPEALED, event("2025-05-20", "appeal_decided", outcome="rejected")], None, {"appeal": "rejected", "appeal_until": "2025-07-21"},
    ),
    "an appeal is rejected after its silence": (
        [*APPEALED, event("2025-09-08", "appeal_decided", outcome="rejected")], None, {"appeal": "rejected", "appeal_until": "2025-11-10"},
    ),
    "an appeal is rejected once its silence can no longer be contested": (
        [*APPEALED, event("2025-09-09", "appeal_decided", outcome="rejected")], None, {"appeal": "rejected", "appeal_until": "2025-09-08"},
    ),
    "an appeal on the last day": (
        [*REFUSED, event("2025-06-03", "appeal_filed", kind="administrative")], None, {"appeal": "pending", "appeal_until": None, "refused": []},
    ),
    "an appeal out of time interrupts nothing": (
        [*REFUSED, event("2025-06-04", "appeal_filed", kind="administrative")], "2025-09-01",
        {"appeal": "implicitly_rejected", "appeal_until": "2025-06-03", "implicit_rejection_on": "2025-08-04"},
    ),
    "a second appeal to the authority gives no new period": (
        [*APPEALED, event("2025-05-20", "appeal_decided", outcome="rejected"), event("2025-05-21", "appeal_filed", kind="administrative")], "2025-10-01",
        {"appeal": "implicitly_rejected", "appeal_until": "2025-07-21"},
    ),
    "two appeals at once": ([*APPEALED, event("2025-05-06", "appeal_filed", kind="administrative")], None, {"refused": ["4 wrong_state"]}),
    "an appeal is accepted": (
        [*APPEALED, event("2025-05-20", "appeal_decided", outcome="accepted")], None,
        {
            "state": "granted", "appeal": "accepted", "notified_on": "2025-04-02", "valid_until": "2027-05-20",
            "withdrawable_until": "2025-09-20", "appeal_until": None,
        },
    ),
    "a lease before the appeal was accepted": (
        [*APPEALED, event("2025-05-20", "appeal_decided", outcome="accepted"), event("2025-06-01", "lease_signed", on="2025-05-19")], None,
        {"state": "granted", "refused": ["5 wrong_state"]},
    ),
    "an appeal against conditions is accepted": (
        [*CONDITIONS, event("2025-04-01", "appeal_filed", kind="administrative"), event("2025-05-01", "appeal_decided", outcome="accepted")], None,
        {"state": "granted", "valid_until": "2027-03-20", "withdrawable_until": "2025-09-01"},
    ),
    "an answer to no appeal": ([*REFUSED, event("2025-05-01", "appeal_decided", outcome="accepted")], None, {"refused": ["3 wrong_state"]}),
    "nothing to contest": ([filed(), event("2025-03-10", "appeal_filed", kind="court")], None, {"appeal": None, "refused": ["1 wrong_state"]}),
    "before the court": ([*REFUSED, event("2025-05-01", "appeal_filed", kind="court")], None, {"appeal": "before_court", "state": "refused"}),
    "dismissed": (
        [*REFUSED, event("2025-05-01", "appeal_filed", kind="court"), event("2026-02-02", "judgment", outcome="dismissed")], None,
        {"appeal": "dismissed", "state": "refused"},
    ),
    "annulled": (
        [*REFUSED, event("2025-05-01", "appeal_filed", kind="court"), event("2026-02-02", "judgment", outcome="annulled")], None,
        {"appeal": "annulled", "state": "annulled", "valid_until": None},
    ),
    "annulled, to be examined again": (
        [*REFUSED, event("2026-02-02", "judgment", outcome="annulled_reexamine", reexamine_within_days=45)], "2026-03-19",
        {
            "appeal": "annulled", "state": "under_review", "clock_started_on": "2026-02-02", "tacit_on": "2026-03-19",
            "officer_target_on": "2026-03-18", "notified_on": None, "appeal_until": None,
        },
    ),
    "annulled, then silence": (
        [*REFUSED, event("2026-02-02", "judgment", outcome="annulled_reexamine", reexamine_within_days=45)], "2026-03-20",
        {"state": "granted_tacit", "valid_until": "2028-03-19", "withdrawable_until": "2026-07-19", "warnings": []},
    ),
    "annulled, then refused and contested again": (
        [
            *APPEALED, event("2026-02-02", "judgment", outcome="annulled_reexamine"), refusal("2026-02-20"), handed("2026-02-23"),
            event("2026-03-02", "appeal_filed", kind="administrative"),
        ],
        None, {"state": "refused", "appeal": "pending", "implicit_rejection_on": "2026-05-02", "appeal_until": None, "refused": []},
    ),
    "a judgment before any decision": ([filed(), event("2025-03-10", "judgment", outcome="annulled")], None, {"refused": ["1 wrong_state"]}),
    # breaches
    "found, no letter": ([found()], "2025-09-01", {"sanction": "constat", "observations_until": None, "state": None}),
    "the last day to answer": (LETTER, "2025-07-10", {"sanction": "observations_open", "observations_until": "2025-07-10"}),
    "the next day": (LETTER, "2025-07-11", {"sanction": "to_decide"}),
    "an answer due on a Sunday": ([found(), event("2025-06-06", "observations_letter_received")], None, {"observations_until": "2025-07-07"}),
    "fined too early": ([*LETTER, event("2025-07-10", "fined", amount=100)], None, {"sanction": "observations_open", "refused": ["2 wrong_state"]}),
    "fined without a letter": ([found(), event("2025-07-10", "fined", amount=100)], None, {"refused": ["1 wrong_state"]}),
    "fined once regularised": (
        [*LETTER, event("2025-07-01", "regularised"), event("2025-07-11", "fined", amount=100)], None,
        {"sanction": "regularised", "refused": ["3 wrong_state"]},
    ),
    "regularised too late": ([*LETTER, event("2025-07-11", "regularised")], None, {"sanction": "to_decide", "refused": ["2 too_late"]}),
    "nothing was found": ([event("2025-07-11", "fined", amount=1)], None, {"sanction": None, "refused": ["0 wrong_state"]}),
    "again within three years": ([found(previous_breach_on="2022-06-02")], None, {"fine_cap": 15000}),
    "again after three years": ([found(previous_breach_on="2022-06-01")], None, {"fine_cap": 5000}),
    "two findings of one story": ([found("2024-06-02"), found("2025-06-02")], None, {"fine_cap": 15000, "fine_barred_after": "2026-06-02"}),
    "let after a refusal, for the first time": ([found(kind="despite_refusal")], None, {"fine_cap": 15000}),
    "no declaration, again": ([found(kind="no_declaration", previous_breach_on="2024-06-02")], None, {"fine_cap": 5000}),
    "found when the prefect fined": (
        [found("2024-04-10"), event("2024-04-12", "observations_letter_received"), event("2024-06-12", "fined", amount=1)], None,
        {"sanction": "to_decide", "refused": ["2 wrong_state"]},
    ),
}  # fmt: skip
DECLARATIONS = {
    "nothing filed yet": ([event("2025-09-01", "lease_signed")], None, {"state": None, "declaration_due_on": "2025-09-16"}),
    "fifteen days ending on a Saturday": ([event("2025-09-05", "lease_signed")], None, {"declaration_due_on": "2025-09-22"}),
    "complete": ([filed("2025-09-16", lease_signed_on="2025-09-01")], "2025-12-31", {"state": "receipted", "tacit_on": None}),
    "lacking a piece": ([DECLARED], "2025-12-31", {"state": "submitted", "missing": ["dpe"], "receipt_due_on": "2025-09-17"}),
    "a month at most to complete": (
        [DECLARED, event("2025-09-12", "missing_requested", pieces=["dpe"], respond_by="2025-12-01")], None,
        {"state": "incomplete", "respond_by": "2025-10-13", "receipt_due_on": "2025-09-17"},
    ),
    "completed on the last day": (
        [
            DECLARED, event("2025-09-12", "missing_requested", pieces=["dpe"], respond_by="2025-10-10"),
            event("2025-10-10", "pieces_received", pieces=["dpe"]),
        ],
        None, {"state": "receipted", "respond_by": None, "missing": []},
    ),
    "completed a day too late": (
        [
            DECLARED, event("2025-09-12", "missing_requested", pieces=["dpe"], respond_by="2025-10-10"),
            event("2025-10-11", "pieces_received", pieces=["dpe"]),
        ],
        None, {"state": "expired", "refused": ["2 too_late"], "warnings": ["new_declaration_required"]},
    ),
    "no decision": ([filed("2025-09-10"), granted("2025-09-12")], None, {"state": "receipted", "refused": ["1 wrong_state"]}),
    "no visit": ([DECLARED, event("2025-09-12", "visit_done")], None, {"state": "submitted", "refused": ["1 wrong_state"]}),
    "forwarded": (
        [filed("2025-09-10", competent=False, lease_signed_on="2025-09-01"), event("2025-09-15", "forwarded")], None,
        {"state": "receipted", "receipt_due_on": "2025-09-22", "refused": []},
    ),
    "not yet forwarded": ([filed("2025-09-10", competent=False)], None, {"state": "submitted", "receipt_due_on": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_the_edge_of_a_permit(name):
    events, as_of, expected = EDGES[name]
    found_ = told(events=events, as_of=as_of)
    assert {key: found_[key] for key in expected} == expected


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_edge_of_a_declaration(name):
    events, as_of, expected = DECLARATIONS[name]
    found_ = told(regime="DML", events=events, as_of=as_of)
    assert {key: found_[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("applicant", "authority", "until"),
    [
        ({}, {}, "2025-06-03"),
        ({"overseas": True}, {}, "2025-07-03"),
        ({"abroad": True}, {}, "2025-08-04"),
        ({"abroad": True, "overseas": True}, {}, "2025-08-04"),
    ],
)
def test_distance_adds_a_month_overseas_and_two_abroad(applicant, authority, until):
    assert told(applicant=applicant, authority=authority, events=REFUSED)["appeal_until"] == until


def test_the_holidays_are_those_of_the_authority():
    """The abolition of slavery is a holiday in Réunion on 20 December, and nowhere else."""
    events = [
        filed("2024-11-04", pieces=["form"]),
        event("2024-11-06", "missing_requested", pieces=["dpe"], respond_by="2024-12-20"),
    ]
    assert told(events=events)["respond_by"] == "2024-12-20"
    assert told(authority=REUNION, events=events)["respond_by"] == "2024-12-23"


def test_a_class_g_is_let_overseas_until_2028():
    dwelling = {"dpe": {"class": "G", "established_on": "2023-05-02"}}
    assert told(authority=REUNION, dwelling=dwelling, events=[filed("2027-12-31")])["warnings"] == []
    assert told(authority=REUNION, dwelling=dwelling, events=[filed("2028-01-01")])["warnings"] == ["non_decent_energy"]


def test_the_adjusted_class_takes_the_place_of_the_class():
    dwelling = {"dpe": {"class": "G", "established_on": "2023-05-02", "adjusted_class": "F"}}
    assert told(dwelling=dwelling, events=[filed()])["warnings"] == []


def test_a_diagnostic_that_ends_before_the_planned_lease_is_warned_of_and_is_not_missing():
    dwelling = {"dpe": {"class": "D", "established_on": "2019-05-12"}}
    answer = told(dwelling=dwelling, lease={"planned_on": "2025-01-15"}, events=[filed("2024-12-10")])
    assert (answer["state"], answer["missing"], answer["warnings"]) == ("under_review", [], ["piece_expired"])


@pytest.mark.parametrize(
    ("dwelling", "missing"),
    [
        ({"construction_year": 1948}, ["crep", "electricity", "gas"]),
        ({"construction_year": 1949, "electricity_age": 15, "gas_age": 16}, ["gas"]),
        ({"construction_year": 2010}, []),
        ({"construction_year": 2009}, ["electricity", "gas"]),
        ({"electricity_age": 16, "in_risk_zone": True, "in_noise_zone": True}, ["electricity", "erp", "noise"]),
        ({"housing": "collective"}, []),
    ],
)
def test_the_law_requires_of_a_dwelling_what_its_facts_call_for(dwelling, missing):
    assert told(dwelling=dwelling, events=[filed()])["missing"] == missing


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (
            [*REFUSED[:2], event("2025-04-02", "first_presented"), event("2025-04-20", "corrects", event=2, corrected_at="2025-04-04T10:00")],
            {"state": "granted_tacit", "notified_on": None, "refused": ["2 too_late"]},
        ),
        (
            [*REFUSED[:2], event("2025-04-04", "first_presented"), event("2025-04-20", "corrects", event=2, corrected_at="2025-04-03T10:00")],
            {"state": "refused", "notified_on": "2025-04-03", "appeal_until": "2025-06-04", "refused": []},
        ),
        ([filed(), event("2025-03-20", "corrects", event=0, corrected_at="2025-03-05T09:00")], {"tacit_on": "2025-04-05"}),
        ([filed(), event("2025-03-20", "corrects", event=0, corrected_at="2025-03-21T09:00")], {**MARCH, "refused": ["1 wrong_state"]}),
        (
            [*REFUSED, event("2025-05-05", "appeal_filed", kind="administrative"), event("2025-05-06", "corrects", event=2, corrected_at="2025-04-01T10:00")],
            {"appeal": "pending", "implicit_rejection_on": "2025-07-05", "appeal_until": None},
        ),
        (
            [*REFUSED, event("2025-04-10", "corrects", event=2, corrected_at="2025-04-03T10:00"), event("2025-06-04", "appeal_filed", kind="administrative")],
            {"appeal": "pending", "appeal_until": None},
        ),
    ],
)  # fmt: skip
def test_a_corrected_date_is_taken_as_if_it_had_been_typed_right(events, expected):
    answer = told(events=events)
    assert {key: answer[key] for key in expected} == expected


def test_nothing_that_comes_after_the_day_seen_from_is_told():
    answer = told(events=[filed(), refusal(), handed("2025-04-02")], as_of="2025-04-01")
    assert (answer["state"], answer["notified_on"]) == ("decision_signed", None)


def test_the_day_seen_from_is_that_of_the_last_event_when_it_is_left_out():
    assert told(events=[filed(), event("2025-04-04", "optional_requested", pieces=["photos"])])["state"] == "granted_tacit"


def test_the_timeline_cites_the_articles_and_says_what_was_inferred():
    lines = timeline(
        dwelling=OLD,
        events=[*REFUSED, event("2026-02-02", "judgment", outcome="annulled_reexamine", reexamine_within_days=30)],
        as_of="2026-04-01",
    )
    assert [line["on"] for line in lines] == sorted(line["on"] for line in lines)
    last = lines[-1]
    assert (last["on"], last["basis"]) == ("2026-03-04", "CCH L.635-4")
    assert "terme fixé par le juge" in last["what"]
    assert last["what"].endswith("(règle inférée)")
    assert not lines[0]["what"].endswith("(règle inférée)")
