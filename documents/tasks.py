"""Jobs on documents."""

import logging

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from documents import evidence, examining, reconciling, rendering, sealing, storage
from documents.models import Act, StoredFile

logger = logging.getLogger(__name__)
BATCH = 200


@app.task(priority=10, retry=RetryStrategy(max_attempts=10, exponential_wait=2))
def render_act(*, act_id: int) -> None:
    """Render, seal and store a frozen act; done once, harmless twice."""
    act = Act.objects.select_related("application__authority").get(pk=act_id)
    if act.sha256:
        return
    pdf = sealing.seal(
        rendering.render(act.content),
        reason=str(act.get_kind_display()),
        name=f"Cachet – {act.application.authority.name}",
    )
    act.sha256, act.sealed_at = storage.sha256_of(pdf), timezone.now()
    storage.put_bytes(act.key, pdf)
    act.save(update_fields=["sha256", "sealed_at"])


@app.task(retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def examine_file(*, file_id: int) -> None:
    """Scan and read one received file, then let the case know what came of it."""
    file = examining.examine(StoredFile.objects.select_related("application").get(pk=file_id))
    if file.is_unusable:
        app.configure_task("workflows.tasks.tell_of_unusable_file").defer(file_id=file.pk)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="examine_waiting_files")
def examine_waiting_files(timestamp: int = 0) -> None:
    """Files whose scanner or storage did not answer, or whose job was lost, are examined again."""
    del timestamp  # given by the scheduler
    for pk in StoredFile.objects.to_examine().order_by("pk").values_list("pk", flat=True)[:BATCH]:
        examine_file(file_id=pk)


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
