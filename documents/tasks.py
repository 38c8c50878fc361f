"""Jobs on documents."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from documents import rendering, sealing, storage
from documents.models import Act


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
