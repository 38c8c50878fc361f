"""What may still be contested of a case and until when: one reading for the page of the case, the landlord’s, and the actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from documents.enums import ActKind
from documents.french import day
from permis import attached, deadlines
from permis.enums import Outcome, State
from permis.litigation import AppealState
from permis.models import Appeal, Application, Decision, Lessor, Notice
from territories.calendars import public_holidays
from territories.models import Authority
from territories.overseas import is_overseas

# The act that an adverse end of a case rests on.
_ENDS = {
    State.CLOSED_INCOMPLETE: (ActKind.CLOSURE, "le classement sans suite"),
    State.REVOKED: (ActKind.REVOCATION, "le retrait de l’autorisation"),
    State.REPEALED: (ActKind.REPEAL, "l’abrogation de l’autorisation"),
}
_DECISIONS = {
    Outcome.REFUSED: "le refus",
    Outcome.CONDITIONAL: "l’autorisation assortie de conditions",
    Outcome.GRANTED: "l’autorisation",
}


@dataclass(frozen=True)
class Contested:
    """The act that a person may contest: in words, the day it was taken, and the day it was notified, once proved."""

    what: str
    taken_on: date
    notified_on: date | None
    act_sha256: str = ""
    has_routes: bool = True


@dataclass(frozen=True)
class Remedy:
    """``until`` is the last day to seize the court; none while an appeal is examined, or where no period can be opposed."""

    contested: Contested
    until: date | None
    appeals: list[Appeal]
    today: date

    @property
    def pending(self) -> Appeal | None:
        """The administrative appeal that is being examined."""
        return next((each for each in self.appeals if each.state == AppealState.PENDING), None)

    @property
    def before_court(self) -> Appeal | None:
        return next((each for each in self.appeals if each.state == AppealState.BEFORE_COURT), None)

    @property
    def is_opposable(self) -> bool:
        """Without the mention of the remedies no period runs (CJA R.421-5)."""
        return self.contested.has_routes

    @property
    def reasonable_until(self) -> date | None:
        """Where no period can be opposed, the year after which a judge finds an action abusive."""
        notified_on = self.contested.notified_on
        return deadlines.reasonable_until(notified_on) if notified_on and not self.is_opposable else None

    @property
    def is_final(self) -> bool:
        """Nothing may be contested any more, and nothing is."""
        settled = not self.pending and not self.before_court
        return settled and self.until is not None and self.today > self.until

    @property
    def may_appeal(self) -> bool:
        """An administrative appeal is not already being examined; a late one is warned of, never refused."""
        return self.pending is None


def of(case: Application, *, today: date) -> Remedy | None:
    """What may be contested of this case, or nothing while no adverse act is in force."""
    contested = contested_act(case)
    if contested is None:
        return None
    since = [each for each in attached.of(case.appeals).order_by("received_on", "pk") if each.received_on >= contested.taken_on]
    return Remedy(contested, _until(case, contested, since), since, today)


def contested_act(case: Application) -> Contested | None:
    """The adverse act in force: a refusal, conditions, a closure, a revocation or a repeal."""
    if case.state in (State.REFUSED, State.GRANTED_CONDITIONAL):
        decision = Decision.objects.filter(application=case).first()
        if decision is None or decision.signed_on is None:
            return None
        is_redecided = case.notified_on is not None and decision.signed_on > case.notified_on
        notified_on = _proved_on(case.notices.of_decision()) if is_redecided else case.notified_on
        return Contested(
            described(decision), decision.signed_on, notified_on, decision.act_sha256, has_routes=decision.appeal_routes
        )
    if case.state not in _ENDS:
        return None
    kind, what = _ENDS[State(case.state)]
    act = case.acts.issued().filter(kind=kind).order_by("pk").last()
    if act is None or act.issued_on is None:
        return None
    notified_on = _proved_on(case.notices.of_act(act.sha256)) if act.sha256 else None
    return Contested(f"{what} du {day(act.issued_on)}", act.issued_on, notified_on, act.sha256)


def described(decision: Decision) -> str:
    """« le refus du 2 avril 2025 »."""
    signed_on = f" du {day(decision.signed_on)}" if decision.signed_on else ""
    return f"{_DECISIONS[Outcome(decision.outcome)]}{signed_on}"


def court_until(case: Application, start: date) -> date:
    """Last day to seize the court from this notification or silence, wherever the lessors live (CJA R.421-1, R.421-7)."""
    lessors = list(case.lessors.all())
    return deadlines.appeal_until(
        start,
        abroad=any(lessor.is_abroad for lessor in lessors),
        overseas=any(_is_far(lessor, case.authority) for lessor in lessors),
        holidays=public_holidays(case.authority.department),
    )


def after_answer(case: Application, appeal: Appeal, start: date) -> date | None:
    """Last day to seize the court once an appeal is rejected, expressly or not; none where it came too late to give one."""
    contested = contested_act(case)
    if not appeal.interrupts or (contested is not None and not contested.has_routes):
        return None
    return court_until(case, start)


def judgment_cited(case: Application) -> list[str]:
    """The judgment that orders to decide again, as the new decision cites it."""
    if case.reexamined_on is None:
        return []
    ordered = case.appeals.before_court().filter(reexamine_by=case.reexamine_by)
    last = ordered.exclude(state=AppealState.DISMISSED).order_by("pk").last()
    if last is None:
        return []
    number = f" n° {last.court_number}" if last.court_number else ""
    if last.judged_on is None and last.suspended_on is not None:
        return [
            f"l’ordonnance{number} du {day(last.suspended_on)} par laquelle le juge des référés du {last.court_name} a suspendu "
            f"{last.against} et ordonné de réexaminer la demande"
        ]
    if last.judged_on is None:
        return []
    return [
        f"le jugement{number} du {day(last.judged_on)} par lequel le {last.court_name} a annulé {last.against} et ordonné de "
        "réexaminer la demande"
    ]


def _until(case: Application, contested: Contested, since: Iterable[Appeal]) -> date | None:
    if not contested.has_routes:
        return None
    interrupting = next((each for each in since if each.interrupts), None)
    if interrupting is not None:
        return interrupting.court_until
    return court_until(case, contested.notified_on) if contested.notified_on else None


def _proved_on(notices: Iterable[Notice]) -> date | None:
    """The first day on which one of these sendings counted."""
    return min((notice.notified_on for notice in notices if notice.notified_on), default=None)


def _is_far(lessor: Lessor, authority: Authority) -> bool:
    """Overseas for a court of the mainland; anywhere else for a court overseas (CJA R.421-7)."""
    if is_overseas(authority.department):
        return not lessor.is_abroad and not lessor.postcode.startswith(authority.department)
    return lessor.overseas
