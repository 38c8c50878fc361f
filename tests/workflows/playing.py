"""A story of the simulator played on rows: each event is what a person does on a screen, with the clock between them.

A new event is one line of `Player.EVENTS`, whose action raises what the law refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from accounts.enums import Role
from inspections.enums import Purpose
from permis import guards
from permis.breaches import Breach
from permis.correction import Correctable
from permis.enums import Means, Outcome, PieceKind, State, TransferCause
from permis.litigation import AppealKind, HearingPurpose, Judgment
from permis.models import Appeal, Application, Sanction
from territories.enums import Regime
from tests import factories
from tests.workflows import contested, sanctioned
from tests.workflows.test_actions import WORK
from tests.workflows.test_invariant import REFUSALS
from workflows import dossier
from workflows.actions import (
    appeals,
    appointments,
    clock,
    completeness,
    consent,
    corrections,
    court,
    decision,
    declaring,
    fines,
    gathering,
    hearing,
    inspection,
    intake,
    leases,
    notification,
    sanctions,
    taking_back,
    transfers,
    undoing,
    works,
)
from workflows.contested import NewRuling

# The same dwelling for both: it needs a form, which an online application is, and a DPE.
DWELLING = {"construction_year": 1990, "electricity_age": 10, "gas_age": None}
DATED = {
    "submitted": Correctable.RECEPTION,
    "pieces_received": Correctable.COMPLETION,
    "first_presented": Correctable.NOTIFICATION,
    "handed_over": Correctable.NOTIFICATION,
}
COMPARED = ("clock_started_on", "tacit_on", "notified_on", "valid_until")
WHY = "que rien n’a changé ;"


class Player:
    """A case, one person with every role of a small town, and the events of a story."""

    def __init__(self, events: list[dict[str, Any]], *, regime: Regime = Regime.APML) -> None:
        self.events, self.files = events, 0
        self.appeals: list[Appeal] = []
        self.sanction: Sanction | None = None
        self.authority = factories.AuthorityFactory()
        self.staff = factories.member(self.authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER, Role.LEGAL)
        self.case = factories.ApplicationFactory(authority=self.authority, regime=regime)

    def play(self, *, as_of: date) -> dict[str, Any]:
        """What the rows say at the end of that day, and the numbers of the events that were refused."""
        refused = []
        for number, event in enumerate(self.events):
            on = datetime.fromisoformat(event["at"]).date()
            clock.run(self.authority, on=on)
            self.case = Application.objects.get(pk=self.case.pk)
            try:
                self.EVENTS[event["type"]](self, event, on)
            except REFUSALS:
                refused.append(number)
        clock.run(self.authority, on=as_of)
        case = Application.objects.get(pk=self.case.pk)
        dates = {name: day.isoformat() if (day := getattr(case, name)) else None for name in COMPARED}
        respond_by = case.respond_by.isoformat() if case.state == State.INCOMPLETE and case.respond_by else None
        return {
            "state": None if case.state == State.DRAFT else case.state,
            **dates,
            "respond_by": respond_by,
            "appeal": self._pending().state if self.appeals else None,
            "sanction": contested.again(self.sanction).state if self.sanction else None,
            "refused": refused,
        }

    def now(self, on: date) -> dict[str, Any]:
        return {"by": self.staff, "on": on}

    def submit(self, event: dict[str, Any], on: date) -> None:
        if "lease_signed_on" in event:
            self.case.lease_signed_on = date.fromisoformat(event["lease_signed_on"])
            self.case.save()
        self._give(event["pieces"], self.case.applicant, on)
        self.case = intake.submit(self.case, by=self.case.applicant, on=on)
        if not self.case.is_declaration:
            consent.give(self.case, by=self.case.applicant, on=on)
        self._confirm(on)

    def request_missing(self, event: dict[str, Any], on: date) -> None:
        until = date.fromisoformat(event["respond_by"])
        completeness.request_missing(
            self.case, kinds=[PieceKind(kind) for kind in event["pieces"]], respond_by=until, **self.now(on)
        )

    def request_optional(self, event: dict[str, Any], on: date) -> None:
        completeness.request_optional(self.case, kinds=[PieceKind(kind) for kind in event["pieces"]], **self.now(on))

    def receive_pieces(self, event: dict[str, Any], on: date) -> None:
        self._give(event["pieces"], self.staff, on)
        self._confirm(on)

    def remind(self, event: dict[str, Any], on: date) -> None:
        completeness.remind(self.case, **self.now(on))

    def close(self, event: dict[str, Any], on: date) -> None:
        completeness.close_incomplete(self.case, **self.now(on))

    def withdraw(self, event: dict[str, Any], on: date) -> None:
        intake.withdraw(self.case, by=self.case.applicant, on=on)

    def plan_visit(self, event: dict[str, Any], on: date) -> None:
        start, end = (datetime.fromisoformat(event[name]).replace(tzinfo=self.authority.zone_info) for name in ("start", "end"))
        purpose = Purpose(event.get("purpose", "first"))
        agreed_on = on if purpose == Purpose.COUNTER else None
        appointments.plan_visit(
            self.case, inspector=self.staff, starts_at=start.astimezone(UTC), ends_at=end.astimezone(UTC), purpose=purpose,
            agreed_on=agreed_on, **self.now(on),
        )  # fmt: skip

    def end_visit(self, event: dict[str, Any], on: date) -> None:
        visit = self.case.visits.get(state="planned")
        if event["type"] == "visit_done":
            inspection.record_visit(visit, conclusion=event["conclusion"], **self.now(on))
        elif event["type"] == "visit_missed":
            inspection.record_no_show(visit, **self.now(on))
        else:
            inspection.record_access_refused(visit, **self.now(on))

    def sign(self, event: dict[str, Any], on: date) -> None:
        if self.case.state == State.UNDER_REVIEW and not self.case.visits.exists():
            inspection.waive_visit(self.case, reason="Logement connu du service", **self.now(on))
        works_ = [WORK | {"evidence": "Photographie"}] * event.get("conditions", 0)
        decision.propose_decision(
            self.case, outcome=event["outcome"], mode=event.get("mode", ""), grounds=event.get("grounds", []), works=works_, **self.now(on),
        )  # fmt: skip
        self.case = Application.objects.get(pk=self.case.pk)
        decision.sign(self.case, act=decision.preview(self.case, **self.now(on)), **self.now(on))

    def send_notice(self, event: dict[str, Any], on: date) -> None:
        notification.send_notice(self.case, means=Means(event["means"]), sent_on=on, **self.now(on))

    def present(self, event: dict[str, Any], on: date) -> None:
        self._notify(Means.REGISTERED_LETTER, on)

    def hand_over(self, event: dict[str, Any], on: date) -> None:
        self._notify(Means.HAND, on)

    def make_available(self, event: dict[str, Any], on: date) -> None:
        notification.make_available(self.case, **self.now(on))

    def open_online(self, event: dict[str, Any], on: date) -> None:
        notification.open_decision(self.case, by=self.case.applicant, on=on, at=datetime.combine(on, time(12), tzinfo=UTC))

    def lift(self, event: dict[str, Any], on: date) -> None:
        for work in works.to_settle(self.case):
            works.settle_work(work, met=True, **self.now(on))
        decision.lift_conditions(self.case, **self.now(on))

    def revoke(self, event: dict[str, Any], on: date) -> None:
        if event.get("adversarial"):
            self._hear(HearingPurpose.REVOCATION, on)
        reasons = "que le logement est sous arrêté ;"
        act = taking_back.preview_revocation(self.case, reasons=reasons, **self.now(on))
        taking_back.revoke(self.case, act=act, reasons=reasons, **self.now(on))

    def repeal(self, event: dict[str, Any], on: date) -> None:
        unmet = [works.settle_work(work, met=False, **self.now(on)) for work in works.to_settle(self.case)]
        self._hear(HearingPurpose.REPEAL, on, works=unmet)
        reasons = "que rien n’est fait ;"
        act = taking_back.preview_repeal(self.case, reasons=reasons, **self.now(on))
        taking_back.repeal(self.case, act=act, reasons=reasons, **self.now(on))

    def sign_lease(self, event: dict[str, Any], on: date) -> None:
        signed_on = date.fromisoformat(event["on"]) if "on" in event else on
        leases.declare_lease(self.case, signed_on=[signed_on], by=self.case.applicant, on=on)

    def transfer(self, event: dict[str, Any], on: date) -> None:
        """A refusal of the holder is kept by the action; for the law nothing passed."""
        buyer = factories.UserFactory()
        declared = transfers.file_transfer(
            self.case, cause=TransferCause.SALE, deed_on=on, owners=[factories.owner()], by=buyer, on=on
        )
        transfers.answer_transfer(declared, agrees=event.get("holder_agrees", False), name="Hélène Duprat", on=on)
        if not event.get("holder_agrees"):
            raise guards.HolderDisagrees

    def appeal(self, event: dict[str, Any], on: date) -> None:
        if event["kind"] == AppealKind.COURT:
            self.appeals.append(contested.seized(self.case, self.staff, on=on))
        else:
            self.appeals.append(contested.appealed(self.case, on=on))

    def answer_appeal(self, event: dict[str, Any], on: date) -> None:
        """Accepted, it gives a permit without conditions, or undoes what ended the case."""
        if not self.appeals:
            raise guards.WrongState
        appeal = self._pending()
        if event["outcome"] == "rejected":
            act = appeals.preview_rejection(appeal, reasons=WHY, **self.now(on))
            appeals.reject(appeal, act=act, reasons=WHY, **self.now(on))
        elif self.case.state in undoing.UNDOABLE:
            act = undoing.preview_undoing(appeal, reasons=WHY, **self.now(on))
            undoing.undo(appeal, act=act, reasons=WHY, **self.now(on))
        else:
            ruling = NewRuling(outcome=Outcome.GRANTED, considerations=WHY)
            act = appeals.preview_acceptance(appeal, ruling=ruling, **self.now(on))
            appeals.accept(appeal, act=act, ruling=ruling, **self.now(on))

    def find_breach(self, event: dict[str, Any], on: date) -> None:
        breach = Breach(event["kind"])
        zone = factories.ZoneFactory(authority=self.authority, commune=self.case.commune, regime=breach.regime)
        of_case = {"application": self.case, "let_on": on} if breach == Breach.DESPITE_REFUSAL else {}
        self.sanction = sanctioned.found(self.authority, zone=zone, breach=breach, found_on=on, by=self.staff, **of_case)

    def receive_letter(self, event: dict[str, Any], on: date) -> None:
        known = self._known()
        sanctions.open_observations(known, means=Means.HAND, **self.now(on))
        sanctions.receive_letter(contested.again(known), received_on=on, **self.now(on))

    def regularise(self, event: dict[str, Any], on: date) -> None:
        sanctions.regularise(self._known(), receipt="APML 33000 25 00001", regularised_on=on, **self.now(on))

    def fine(self, event: dict[str, Any], on: date) -> None:
        proposed = fines.propose_fine(self._known(), amount=event["amount"], reasons=sanctioned.REASONS, **self.now(on))
        fines.fine(proposed, act=fines.preview(proposed, **self.now(on)), **self.now(on))

    def judge(self, event: dict[str, Any], on: date) -> None:
        outcome = Judgment(event["outcome"])
        court.judge(
            contested.again(self.appeals[-1]), judgment=outcome, judged_on=on, notified_on=on, judgment_sha256="a" * 64,
            reexamine_within_days=event.get("reexamine_within_days"), **self.now(on),
        )  # fmt: skip

    def correct(self, event: dict[str, Any], on: date) -> None:
        which, to = DATED[self.events[event["event"]]["type"]], datetime.fromisoformat(event["corrected_at"]).date()
        corrections.correct_date(self.case, which=which, to=to, reason="Tampon mal lu", **self.now(on))

    def _hear(self, purpose: HearingPurpose, on: date, **facts: Any) -> None:
        """The letter reached the holder sixteen days before, one more than they have to answer."""
        known = {"reasons": "que le logement est sous arrêté ;", "texts": "CCH L. 635-9", "means": Means.HAND}
        sent = on - timedelta(days=16)
        letter = hearing.open_hearing(self.case, purpose=purpose, **known, **facts, **self.now(sent))
        hearing.record_answer(letter, received_on=sent, **self.now(sent))

    def _known(self) -> Sanction:
        if self.sanction is None:
            raise guards.WrongState
        return contested.again(self.sanction)

    def _pending(self) -> Appeal:
        return contested.again(self.appeals[-1])

    def _give(self, kinds: list[str], by: Any, on: date) -> None:
        for kind in kinds:
            if kind != PieceKind.FORM:  # an application entered on the screens is its own form
                self.files += 1
                upload = factories.upload(factories.PDF + f"% {self.files}\n".encode())
                gathering.add_piece(self.case, kinds=[PieceKind(kind)], upload=upload, by=by, on=on)

    def _confirm(self, on: date) -> None:
        """What an officer confirms on a screen is taken as confirmed at once."""
        self.case = Application.objects.get(pk=self.case.pk)
        if self.case.state == State.SUBMITTED and not dossier.missing_pieces(self.case, on=on):
            confirm = declaring.give_receipt if self.case.is_declaration else completeness.declare_complete
            confirm(self.case, **self.now(on))
        elif self.case.is_declaration and self.case.state == State.INCOMPLETE and self.case.open_request() is None:
            declaring.give_receipt(self.case, **self.now(on))

    def _notify(self, means: Means, on: date) -> None:
        """The action keeps a proof that came too late; for the law it notified nothing."""
        case = notification.notify(self.case, means=means, notified_on=on, recipient="Mme Duprat", **self.now(on))
        if case.notified_on is None:
            raise guards.TooLate

    EVENTS: ClassVar[dict[str, Callable[[Player, dict[str, Any], date], None]]] = {
        "submitted": submit,
        "missing_requested": request_missing,
        "optional_requested": request_optional,
        "pieces_received": receive_pieces,
        "reminder_sent": remind,
        "closed_incomplete": close,
        "withdrawn": withdraw,
        "visit_planned": plan_visit,
        "visit_done": end_visit,
        "visit_missed": end_visit,
        "access_refused": end_visit,
        "decision_signed": sign,
        "notice_sent": send_notice,
        "first_presented": present,
        "handed_over": hand_over,
        "available": make_available,
        "opened": open_online,
        "conditions_lifted": lift,
        "revoked": revoke,
        "repealed": repeal,
        "lease_signed": sign_lease,
        "transfer_filed": transfer,
        "appeal_filed": appeal,
        "appeal_decided": answer_appeal,
        "judgment": judge,
        "corrects": correct,
        "breach_found": find_breach,
        "observations_letter_received": receive_letter,
        "regularised": regularise,
        "fined": fine,
    }
