"""The demo’s decisions on their way: one that waits online, one trapped by the calendar, letters sent, returned, and to post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from permis.enums import Channel, Means, Outcome, PieceKind, ReturnReason
from permis.models import Application
from workflows.actions import completeness, consent, notification

if TYPE_CHECKING:
    from config.demo.seed import Case


def agree(case: Case) -> Case:
    """The landlord accepts to be notified online."""
    application = _again(case)
    if application.applicant is not None:
        consent.give(application, by=application.applicant, on=case.day)
    return case


def wait_online(case: Case) -> Case:
    """The signed decision waits for its reader; nothing is done where the landlord has no account."""
    agree(case)
    if consent.holds(_again(case)):
        notification.make_available(_again(case), by=case.officer, on=case.day)
    return case


def send(case: Case, number: str) -> Case:
    """A registered letter left and nothing is known of it yet."""
    notification.send_notice(
        _again(case), means=Means.REGISTERED_LETTER, sent_on=case.day, tracking_number=number, by=case.officer, on=case.day
    )
    return case


def come_back(case: Case, *, days: int) -> Case:
    """The letter comes back: nobody of that name lives there."""
    case.after(days)
    notice = _again(case).notices.order_by("pk").last()
    if notice is not None:
        notification.follow_letter(notice, returned_on=case.day, return_reason=ReturnReason.UNKNOWN, by=case.officer, on=case.day)
    return case


def on_paper(case: Case) -> Case:
    """A landlord without e-mail: what is written to them leaves by the post."""
    application = _again(case)
    if application.channel != Channel.ONLINE:
        application.lessors.update(email="")
    return case


def ask_late(case: Case) -> Case:
    """Pieces asked for in the last five days: lawful, flagged, counted."""
    completeness.request_missing(
        _again(case),
        kinds=[PieceKind.DPE],
        respond_by=case.day + timedelta(days=30),
        by=case.officer,
        on=case.day,
        reasons={PieceKind.DPE: "le DPE fourni a expiré avant le dépôt"},
    )
    return case


def _again(case: Case) -> Application:
    return Application.objects.get(pk=case.case.pk)


def add(begin: Callable[[int, int, Callable[[Case], Any]], None], *, decided: Callable[..., Case]) -> None:
    """Begin each of these cases: days before today, rank, and what happened to it since; ``decided`` leads one to its signature."""
    for age, rank, lead in (
        (18, 201, lambda case: wait_online(decided(case).after(1))),
        (28, 202, lambda case: wait_online(decided(case, Outcome.REFUSED).after(11))),
        (40, 205, lambda case: wait_online(decided(case).after(1))),
        (20, 206, lambda case: send(decided(case).after(2), "1A20487306147")),
        (25, 207, lambda case: come_back(send(decided(case).after(1), "1A20487306154"), days=6)),
        (6, 204, lambda case: on_paper(case).file(PieceKind.PHOTOS).after(3).request()),
        (5, 214, lambda case: on_paper(case).file(PieceKind.PHOTOS).after(2).request()),
        (29, 210, lambda case: ask_late(case.file().after(27))),
        (40, 211, lambda case: decided(case, Outcome.REFUSED)),
    ):
        begin(age, rank, lead)
