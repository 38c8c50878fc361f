"""Jobs on documents."""

from django.db.models import Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

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
    """Scan and read one received file, then let the case know what came of it; one that was removed meanwhile is nobody's."""
    received = StoredFile.objects.select_related("application").filter(pk=file_id).first()
    if received is None:
        return
    file = examining.examine(received)
    if file.is_unusable:
        app.configure_task("workflows.tasks.tell_of_unusable_file").defer(file_id=file.pk)


@app.task(retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def delete_bytes(*, application_id: int, sha256: str, keys: list[str]) -> None:
    """Delete what a person removed from a draft, unless they gave it again meanwhile: the reconciliation sweeps the rest."""
    same_case = StoredFile.objects.filter(application=application_id)
    for key in keys:
        if sha256 and same_case.filter(Q(sha256=sha256) | Q(sha256="")).exists():
            return
        storage.delete(key)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="examine_waiting_files")
def examine_waiting_files(timestamp: int = 0) -> None:
    """Files whose scanner or storage did not answer, or whose job was lost, are examined again."""
    del timestamp  # given by the scheduler
    for pk in StoredFile.objects.to_examine().order_by("pk").values_list("pk", flat=True)[:BATCH]:
        examine_file(file_id=pk)
