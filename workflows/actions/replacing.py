"""What becomes of a decision and of its acts once they are no longer those of the case."""

from __future__ import annotations

from datetime import date

from documents.enums import ActKind
from permis.litigation import Replacement
from permis.models import Application, Decision

_PERMITS = [*ActKind.decisions(), ActKind.TACIT_ATTESTATION, ActKind.LIFTING]


def set_aside(application: Application, *, because: Replacement, on: date) -> Decision | None:
    """Keep the signed decision as a former one, with its works, its notices and its act; a mere draft stays to be drafted again.

    Called with the case locked, while it still has the dates of that decision.
    """
    decision = Decision.objects.filter(application=application, signed_on__isnull=False).first()
    if decision is None:
        return None
    application.notices.of_decision().update(act_sha256=decision.act_sha256)
    application.acts.filter(sha256=decision.act_sha256, void_on__isnull=True).update(void_on=on)
    decision.give_way(because=because, notified_on=application.notified_on, on=on)
    decision.save()
    return decision


def revive_permit(application: Application, *, since: date | None) -> None:
    """Give their worth back to the papers of a permit that ``void_permit`` took it from that day."""
    application.acts.issued().filter(kind__in=_PERMITS, void_on=since, void_on__isnull=False).update(void_on=None)


def void_permit(application: Application, *, on: date) -> None:
    """Say of the papers that the permit rested on that they are worth nothing any more; none is taken out of the case."""
    application.acts.issued().filter(kind__in=_PERMITS, void_on__isnull=True).update(void_on=on)
