"""Stories as `manage.py simulate` reads them, and their answers without the sentences."""

from permis import simulation

COMPLETE = ["form", "dpe"]
OLD = {"construction_year": 1930, "electricity_age": None, "gas_age": None}
NOTHING = {
    "id": None, "state": None, "sanction": None, "appeal": None, "clock_started_on": None, "tacit_on": None, "officer_target_on": None,
    "respond_by": None, "notified_on": None, "valid_until": None, "withdrawable_until": None, "appeal_until": None,
    "implicit_rejection_on": None, "observations_until": None, "fine_barred_after": None, "fine_cap": None, "declaration_due_on": None,
    "receipt_due_on": None, "earliest_entry_into_force": None, "holder": "initial", "missing": [], "warnings": [], "refused": [],
}  # fmt: skip
MARCH = {"clock_started_on": "2025-03-03", "tacit_on": "2025-04-03", "officer_target_on": "2025-04-02"}


def event(at, name, **facts):
    return {"at": at if "T" in at else f"{at}T10:00", "type": name, **facts}


def filed(at="2025-03-03", pieces=COMPLETE, **facts):
    return event(at, "submitted", pieces=pieces, **facts)


def granted(at="2025-03-18", **facts):
    return event(at, "decision_signed", outcome="granted", **facts)


def refusal(at="2025-04-01", **facts):
    return event(at, "decision_signed", outcome="refused", **{"grounds": ["decency"], "conditions": 2, **facts})


def conditional(at="2025-03-18", **facts):
    return event(
        at, "decision_signed", outcome="conditional", **{"grounds": ["decency"], "conditions": 1, "mode": "prior", **facts}
    )


def handed(at):
    return event(at, "handed_over")


def declared(at="2025-03-10", pieces=COMPLETE, *, lease="2025-03-03", **facts):
    return event(at, "submitted", pieces=pieces, lease_signed_on=lease, **facts)


def found(at="2025-06-02", kind="no_request", **facts):
    return event(at, "breach_found", kind=kind, **facts)


def told(**story):
    """The whole answer, but for the timeline; refusals as « number code »."""
    answer = simulation.answer(simulation.read({"regime": "APML", **story}))
    del answer["timeline"]
    answer["refused"] = [f"{refusal['event']} {refusal['code']}" for refusal in answer["refused"]]
    return answer


def timeline(**story):
    return simulation.answer(simulation.read({"regime": "APML", **story}))["timeline"]
