"""Jobs on documents."""

import contextlib
import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from documents import certificates, evidence, examining, figures, reconciling, rendering, sealing, storage
from documents.ademe import Unavailable
from documents.enums import LookUpOutcome
from documents.models import Act, StoredFile
from permis.enums import PieceKind
from permis.models import Application

logger = logging.getLogger(__name__)
BATCH = 200
LOOK_AGAIN_SECONDS = 15 * 60
# Of what is handed out again: before acts and mails, behind the file that somebody has just sent.
BEHIND = 15


@app.task(priority=10, retry=RetryStrategy(max_attempts=10, exponential_wait=2))
def render_act(*, act_id: int) -> None:
    """Render, seal and store a frozen act; done once, harmless twice."""
    act = Act.objects.select_related("application__authority", "sanction__authority").get(pk=act_id)
    if act.sha256:
        return
    pdf = sealing.seal(
        rendering.render(act.content, pictures=figures.of(act.content)),
        reason=str(act.get_kind_display()),
        name=f"Cachet – {act.authority.name}",
    )
    act.sha256, act.sealed_at = storage.sha256_of(pdf), timezone.now()
    storage.put_bytes(act.key, pdf)
    act.save(update_fields=["sha256", "sealed_at"])


# Before acts and mails: somebody watches « vérification en cours » on their screen.
@app.task(priority=20, retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def examine_file(*, file_id: int) -> None:
    """Scan and read one received file, then ask about its certificate; harmless twice, or by two workers at once.

    A file that was removed meanwhile is nobody's.
    """
    received = StoredFile.objects.select_related("application", "sanction").filter(pk=file_id).first()
    if received is None:
        return
    file = examining.examine(received)
    if file.is_served and file.application is not None and file.pieces.current().filter(kind=PieceKind.DPE).exists():
        ask_about_certificate(file.application)


@app.task(retry=RetryStrategy(max_attempts=4, wait=60, exponential_wait=10))
def look_up_certificate(*, application_id: int, number: str) -> None:
    """Ask ADEME's register about a certificate; « indisponible » is written down, then asked again a few times."""
    look_up = certificates.look_up(Application.objects.get(pk=application_id), number)
    if look_up is not None and look_up.outcome == LookUpOutcome.UNAVAILABLE:
        raise Unavailable(number)


def ask_about_certificate(application: Application, *, again: bool = False) -> bool:
    """Defer the question about the certificate of a case, once for each number; whether there was one to ask."""
    if not settings.ADEME_URL or not (number := certificates.number_of(application)):
        return False
    if again or not application.look_ups.filter(number=number).exists():
        job = look_up_certificate.configure(queueing_lock=f"ademe-{application.pk}-{number}")
        # Asked already, and not answered yet.
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(application_id=application.pk, number=number)
    return True


@app.task(retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def delete_bytes(*, application_id: int, sha256: str, keys: list[str]) -> None:
    """Delete what a person removed from a draft, unless they gave it again meanwhile.

    A file of the case whose hash is not known yet may be the same bytes: they are looked at again later, since nothing else
    ever removes what is under an immutable key.
    """
    same_case = StoredFile.objects.filter(application=application_id)
    for place, key in enumerate(keys):
        if sha256 and same_case.filter(sha256=sha256).exists():
            return
        if sha256 and same_case.filter(sha256="").exists():
            later = delete_bytes.configure(schedule_in={"seconds": LOOK_AGAIN_SECONDS})
            later.defer(application_id=application_id, sha256=sha256, keys=keys[place:])
            return
        storage.delete(key)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="examine_waiting_files")
def examine_waiting_files(timestamp: int = 0) -> None:
    """Files whose scanner or storage did not answer, or whose job was lost, are handed out again, each in a job of its own."""
    del timestamp  # given by the scheduler
    for pk in StoredFile.objects.to_examine().order_by("pk").values_list("pk", flat=True)[:BATCH]:
        # Still queued since the last time: the worker is behind, once is enough.
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            examine_file.configure(queueing_lock=f"file {pk}", priority=BEHIND).defer(file_id=pk)


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="reconcile_storage")
def reconcile_storage(timestamp: int = 0) -> None:
    """Each night, rows and objects are compared; what was found is kept for the administrator."""
    del timestamp  # given by the scheduler
    found = reconciling.reconcile(now=timezone.now())
    logger.info("storage reconciled sound=%s objects=%s counts=%s", found.is_sound, found.objects_seen, found.counts)


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="lock_evidence")
def lock_evidence(timestamp: int = 0) -> None:
    """Each hour, where the bucket has object lock and `STORAGE_URL` asks for it."""
    del timestamp  # given by the scheduler
    if locked := evidence.lock(now=timezone.now()):
        logger.info("evidence locked count=%s", locked)
