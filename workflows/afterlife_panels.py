"""What the page of a case says of its permit once it exists, and of the applications before and after it."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from permis import attached, permissions
from permis.deadlines import LAPSE_WARNING_DAYS
from permis.enums import ConditionMode, State, TransferState
from permis.models import Application
from workflows import notices, transfers
from workflows.actions import leases, resubmission
from workflows.panel import Panel


def validity(case: Application, user: User, today: date) -> Panel | None:
    """Until when the permit may be used, and the leases that used it."""
    if case.state not in (*State.authorising(), State.USED, State.LAPSED) or case.valid_until is None:
        return None
    days_left = (case.valid_until - today).days
    is_own = permissions.is_applicant(case, user)
    signed = list(attached.of(case.leases).order_by("signed_on", "pk"))
    # The holder of a plain permit finds this button on top of the page already.
    is_offered = not is_own or signed or (case.state == State.GRANTED_CONDITIONAL and case.mode == ConditionMode.DEFERRED)
    facts = {
        "case": case,
        "leases": signed,
        "days_left": days_left,
        "is_near": days_left <= max(LAPSE_WARNING_DAYS),
        "is_own": is_own,
        "may_declare": is_offered and permissions.can_declare_lease(case, user) and leases.left(case) > 0,
    }
    return Panel("workflows/_validity.html", facts)


def transfers_of(case: Application, user: User, _today: date) -> Panel | None:
    """The declarations of transfer: to the holder, what to answer; to the service, what to check."""
    found = list(attached.of(case.transfers).order_by("pk"))
    is_own = permissions.is_applicant(case, user)
    if is_own:
        # What somebody else declares of a permit is shown to its holder only where they have something to say of it.
        found = [each for each in found if each.is_pending or each.state == TransferState.CLOSED or each.filed_by_id == user.pk]
    if not found:
        return None
    shown = [
        {
            "transfer": each,
            "owners": transfers.owners_of(each),
            "answer": transfers.agreement_path(each) if is_own and each.state == TransferState.AWAITING_AGREEMENT else "",
        }
        for each in found
    ]
    return Panel(
        "workflows/_transfers.html",
        {"case": case, "transfers": shown, "is_own": is_own, "may_check": permissions.can_check_transfer(case, user)},
    )


def commitments(case: Application, user: User, _today: date) -> Panel | None:
    """What the landlord committed to in writing, and where they may."""
    made = list(attached.of(case.commitments).order_by("pk"))
    may_commit = permissions.can_commit(case, user) and case.state in State.clock_running() and not notices.waits(case)
    if not made and not may_commit:
        return None
    return Panel("workflows/_commitments.html", {"case": case, "commitments": made, "may_commit": may_commit})


def works_asked(case: Application, user: User, _today: date) -> Panel | None:
    """What the former decision asked for, each with what shows that it is done."""
    asked = resubmission.works_asked(case)
    if not asked:
        return None
    return Panel("workflows/_works_asked.html", works_asked_facts(case, user))


def works_asked_facts(case: Application, user: User) -> dict[str, object]:
    """The works asked by the former decision and the pieces that bear their names; two queries."""
    given = list(case.pieces.current().filter(title__startswith="Travaux n°").select_related("file").order_by("pk"))
    rows = []
    for work in resubmission.works_asked(case):
        title = resubmission.evidence_title(work)
        rows.append({"work": work, "pieces": [piece for piece in given if piece.title == title]})
    may_show = permissions.can_provide_pieces(case, user) and case.state in (State.DRAFT, *State.open())
    return {"case": case, "rows": rows, "may_show": may_show}


def followed(case: Application, user: User, _today: date) -> Panel | None:
    """The application before this one and those after it, each linked where this person may read it."""
    near = [*([case.resubmits_id] if case.resubmits_id else []), *attached.of(case.resubmissions).values_list("pk", flat=True)]
    is_own = permissions.is_applicant(case, user)
    # The landlord finds it on top of their own page.
    may_resubmit = not is_own and permissions.can_resubmit(case, user) and case.state in State.renewable()
    if not near and not may_resubmit:
        return None
    cases = Application.objects.of_applicant(user) if is_own else Application.objects.visible_to(user)
    found = list(cases.filter(pk__in=near).order_by("pk"))
    if not found and not may_resubmit:
        return None
    facts = {
        "case": case,
        "before": [each for each in found if each.pk == case.resubmits_id],
        "after": [each for each in found if each.pk != case.resubmits_id],
        "is_own": is_own,
        "may_resubmit": may_resubmit and not any(each.state in State.open() for each in found if each.pk != case.resubmits_id),
    }
    return Panel("workflows/_followed.html", facts, aside=not is_own)
