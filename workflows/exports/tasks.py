"""Jobs of the exports, which `workflows.tasks` makes known to the worker."""

import logging

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from workflows.exports import opendata, writing

logger = logging.getLogger(__name__)


@app.task(retry=RetryStrategy(max_attempts=writing.ATTEMPTS, exponential_wait=4))
def write_export(*, export_id: int) -> None:
    """Make the file of one large export, then write to who asked for it; done once, harmless twice."""
    writing.write(export_id)


@app.periodic(cron="50 * * * *")
@app.task(queueing_lock="tend_exports")
def tend_exports(timestamp: int = 0) -> None:
    """Each hour: files whose week is over go, and what a killed worker left."""
    del timestamp  # given by the scheduler
    now = timezone.now()
    logger.info("exports tended expired=%s swept=%s", writing.expire(now=now), writing.sweep(now=now))


@app.periodic(cron="20 4 * * *")
@app.task(queueing_lock="publish_open_data")
def publish_open_data(timestamp: int = 0) -> None:
    """Each night: the quarter that ended is published, once for each authority that publishes its decisions."""
    del timestamp  # given by the scheduler; the day belongs to each authority
    logger.info("open data published count=%s", opendata.publish_all())
