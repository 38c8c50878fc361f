"""Housekeeping of the job queue itself."""

import logging

from procrastinate.contrib.django import app
from procrastinate.jobs import Job

logger = logging.getLogger(__name__)

KEPT_HOURS = 72


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> None:  # noqa: ARG001 (given by the scheduler)
    """A job whose worker was killed stays "doing" for ever: hand it out again once its worker gives no sign of life."""
    stalled: list[Job] = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        await app.job_manager.retry_job(job)
        logger.warning("stalled job retried id=%s task=%s", job.id, job.task_name)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="remove_old_jobs")
async def remove_old_jobs(timestamp: int) -> None:  # noqa: ARG001 (given by the scheduler)
    """Finished jobs go after three days; failed ones stay, to be looked at."""
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=False)
