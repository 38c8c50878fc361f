"""Every sending of a decision, its days in order with their proofs, and whether it waits for its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.french import hour
from documents.models import StoredFile
from permis import attached
from permis.enums import Means, NoticeState, State
from permis.models import Application, Notice
from permis.validators import spaced_tracking_number
from workflows.presentation import Badge

BADGES = {
    NoticeState.TO_SEND: ("", "envelope"),
    NoticeState.SENT: ("is-info", "send-fill"),
    NoticeState.PENDING: ("is-sign", "hourglass-split"),
    NoticeState.NOTIFIED: ("is-ok", "check-circle-fill"),
    NoticeState.RETURNED: ("is-warn", "arrow-return-left"),
}
# While a letter may still say something: before the decision takes effect, and while it has just done so.
_FOLLOWED = (State.DECISION_SIGNED, *State.notified(), State.GRANTED_TACIT)


@dataclass(frozen=True)
class Step:
    """One day of a sending, with the file that proves it; the one that counts is marked."""

    label: str
    on: date | None
    proof: StoredFile | None = None
    counts: bool = False
    told: str = ""


@dataclass(frozen=True)
class Sending:
    """One way in which the decision left, its days in order, and where it stands."""

    notice: Notice
    badge: Badge
    number: str
    steps: tuple[Step, ...]
    can_follow: bool


def of(case: Application) -> list[Sending]:
    """Every sending of the decision, oldest first; two queries whatever their number."""
    notices = list(attached.of(case.notices).of_decision().order_by("pk"))
    hashes = {each for notice in notices for each in _proofs(notice) if each}
    files = {file.sha256: file for file in case.files.filter(sha256__in=hashes)} if hashes else {}
    return [sending(case, notice, files) for notice in notices]


def waits(case: Application) -> bool:
    """Whether a decision waits online for its reader; nothing of what it says is told."""
    return case.state == State.DECISION_SIGNED and case.held_until is not None


def opened(case: Application) -> Notice | None:
    """The online notice of a case that was opened or taken for notified: its three dates are shown."""
    notices = case.notices.of_decision().filter(means=Means.PORTAL, available_on__isnull=False)
    return notices.exclude(opened_on=None, is_deemed=False).order_by("pk").last()


def _proofs(notice: Notice) -> Sequence[str]:
    return notice.sent_proof_sha256, notice.proof_sha256, notice.returned_proof_sha256


def sending(case: Application, notice: Notice, files: dict[str, StoredFile]) -> Sending:
    """One of them as the pages show it; ``files`` are its proofs, by hash."""
    sent, counted, returned = (files.get(sha256) for sha256 in _proofs(notice))
    opened_at = f"à {hour(case.authority.local(notice.opened_at))}" if notice.opened_at else ""
    by_hand = f"à {notice.recipient}" if notice.recipient else ""
    steps = [
        Step("Envoyée", None if notice.available_on else notice.sent_on, sent),
        Step(
            "Mise à disposition",
            notice.available_on,
            counts=notice.is_deemed,
            told="réputée notifiée ce jour" if notice.is_deemed else "",
        ),
        Step("Première présentation", notice.first_presented_on, counted, counts=True),
        Step("Remise", notice.handed_over_on, counted, counts=True, told=by_hand),
        Step("Ouverte", notice.opened_on, counts=not notice.is_deemed, told=opened_at),
        Step("Retirée", notice.collected_on),
        Step("Revenue", notice.returned_on, returned, told=notice.get_return_reason_display().lower()),
    ]
    if notice.reading_ends_on and not notice.opened_on and not notice.is_deemed:
        steps.append(Step("Quinze jours finis", notice.reading_ends_on))
    badge = Badge(str(notice.state.label), *BADGES[notice.state])
    number = spaced_tracking_number(notice.tracking_number)
    can_follow = notice.means == Means.REGISTERED_LETTER and case.state in _FOLLOWED
    return Sending(notice, badge, number, tuple(step for step in steps if step.on), can_follow)
