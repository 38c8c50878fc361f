"""Photos of a case: persons hidden on their copies, and what is handed to whom, for what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import User
from documents.blurring import Region
from documents.models import Blurring, StoredFile
from permis import journal, permissions
from permis.models import Application
from permis.models.journal import Event
from workflows.guards import require_permission


@transaction.atomic
def blur(file: StoredFile, *, has_people: bool, regions: Sequence[Region] = (), by: User, on: date) -> Blurring:
    """Dire si une personne est visible sur une photo, et où ; l’original n’en est pas touché. Raises ValidationError."""
    application = Application.objects.locked().get(pk=file.case.pk)
    require_permission(permissions.can_inspect(application, by))
    blurring = Blurring.objects.filter(file=file).first() or Blurring(file=file)
    blurring.has_people, blurring.regions, blurring.made_by = has_people, [list(each) for each in regions], by
    blurring.validate_constraints()
    blurring.save()
    journal.record(application, Event.PHOTO_BLURRED, by=by, on=on, file=file.pk, has_people=has_people, regions=len(regions))
    return blurring


@transaction.atomic
def share(
    application: Application, *, purpose: str, recipient: str, consent: str, files: Sequence[int], sha256: str, by: User, on: date
) -> None:
    """Remettre des photos : pour quoi, à qui, avec quel accord, et l’empreinte de ce qui est remis."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    journal.record(
        application,
        Event.PHOTOS_SHARED,
        by=by,
        on=on,
        purpose=purpose,
        recipient=recipient,
        consent=consent,
        files=list(files),
        sha256=sha256,
    )
