"""Jobs on documents."""

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from documents import examining, rendering, sealing, storage
from documents.models import Act, StoredFile

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
    """Scan and read one received file; harmless twice, or by two workers at once."""
    examining.examine(StoredFile.objects.select_related("application").get(pk=file_id))


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="examine_waiting_files")
def examine_waiting_files(timestamp: int = 0) -> None:
    """Files whose scanner or storage did not answer, or whose job was lost, are handed out again, each in a job of its own."""
    del timestamp  # given by the scheduler
    for pk in StoredFile.objects.to_examine().order_by("pk").values_list("pk", flat=True)[:BATCH]:
        # Still queued since the last time: the worker is behind, once is enough.
        with suppress(AlreadyEnqueued), transaction.atomic():
            examine_file.configure(queueing_lock=f"file {pk}").defer(file_id=pk)
