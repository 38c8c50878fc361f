"""Letting again, or after a refusal: a new application from what the former one already says."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from documents.backends import StorageFailed
from documents.models import Piece
from documents.receiving import FileRefused
from permis import guards, journal, permissions
from permis.enums import Channel, PieceKind, RequestNature, State
from permis.models import Application, PrescribedWork
from permis.models.journal import Event
from workflows import dossier, reuse
from workflows.actions import copying, gathering
from workflows.guards import require_permission

# What an application says of the letting itself, and that the landlord reads again at the first step.
_SAID = ("organisation", "lease_kind", "separate_leases")


class AlreadyResubmitted(guards.Refusal):
    code = "wrong_state"

    def __init__(self, application: Application) -> None:
        super().__init__(f"Une nouvelle demande est déjà déposée pour ce logement : n° {application.number}.")


def resubmit(application: Application, *, by: User, on: date) -> Application:
    """Ouvrir une nouvelle demande avec ce que la précédente disait, et ses diagnostics encore valables.

    Raises WrongState, AlreadyResubmitted, NoAuthority, NoLongerCompetent. The pieces come after the draft: what cannot be copied now is
    proposed again at its step.
    """
    draft, is_new = _clone(application, by=by, on=on)
    if is_new:
        found = [each.kind for each in reuse.proposals(draft, dossier.checklist(draft, on=on), by, on=on) if not each.obstacle]
        if found:
            try:
                gathering.take_again(draft, kinds=found, by=by, on=on)
            except (FileRefused, StorageFailed, gathering.NotReusable):
                # The step « Les diagnostics » proposes them again: a storage that fails must not lose the draft.
                return draft
    return draft


@transaction.atomic
def _clone(application: Application, *, by: User, on: date) -> tuple[Application, bool]:
    """The draft, and whether it was made now: a second click finds the first one's."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_resubmit(application, by))
    if application.state not in State.renewable():
        raise guards.WrongState
    if (draft := application.resubmissions.filter(state=State.DRAFT).order_by("pk").first()) is not None:
        return draft, False
    if (filed := application.resubmissions.filter(state__in=State.open()).order_by("pk").last()) is not None:
        raise AlreadyResubmitted(filed)
    is_own = permissions.is_applicant(application, by)
    draft = Application(
        channel=Channel.ONLINE if is_own else application.channel,
        applicant=by if is_own else None,
        nature=RequestNature.AGAIN if application.state == State.USED else application.nature,
        **copying.said_by(application, *_SAID),
    )
    return copying.copy_into(draft, application, by=by, on=on), True


def works_asked(application: Application) -> list[PrescribedWork]:
    """What the former decision asked for: a refusal once notified, or conditions that were not met."""
    former = application.resubmits
    if former is None or former.notified_on is None:
        return []
    return list(PrescribedWork.objects.filter(decision__application=former).order_by("position"))


def evidence_title(work: PrescribedWork) -> str:
    """The name under which a new file keeps what shows that these works are done; each work has its own."""
    return f"Travaux n° {work.position + 1} : {work.place}"[: Piece._meta.get_field("title").max_length]


def show_work_done(application: Application, *, work: PrescribedWork, upload: list, by: User, on: date) -> list[Piece]:
    """Joindre à la nouvelle demande ce qui montre que des travaux demandés sont faits. Raises FileRefused, StorageFailed."""
    given = []
    for each in upload:
        given += gathering.add_piece(application, kinds=[PieceKind.OTHER], title=evidence_title(work), upload=each, by=by, on=on)
    return given


def tell_the_former(application: Application, *, by: User, on: date) -> None:
    """Dire au dossier précédent qu’une nouvelle demande le suit, dans la transaction qui la dépose."""
    if application.resubmits_id is None:
        return
    former = Application.objects.locked().get(pk=application.resubmits_id)
    journal.record(former, Event.RESUBMITTED, by=by, on=on, follows=application.number)
