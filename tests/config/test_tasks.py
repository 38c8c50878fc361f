import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from config import tasks


def leave_a_job_of_a_dead_worker() -> int:
    """A job that was being done by a worker that gave its last sign of life ten minutes ago."""
    job = tasks.remove_old_jobs.configure(lock="left").defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes') RETURNING id")
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job])
    return job


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_is_done_again():
    job = leave_a_job_of_a_dead_worker()

    async_to_sync(tasks.retry_stalled_jobs.func)(0)

    assert ProcrastinateJob.objects.get(pk=job).status == "todo"


@pytest.mark.django_db(transaction=True)
def test_finished_jobs_are_removed_after_three_days_and_failed_ones_stay():
    finished, failed, recent = (tasks.retry_stalled_jobs.configure(queueing_lock=str(i)).defer(timestamp=0) for i in range(3))
    with connection.cursor() as cursor:
        for job, status, age in ((finished, "succeeded", 4), (failed, "failed", 4), (recent, "succeeded", 1)):
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job])
            cursor.execute("UPDATE procrastinate_events SET at = now() - make_interval(days => %s) WHERE job_id = %s", [age, job])

    async_to_sync(tasks.remove_old_jobs.func)(0)

    assert set(ProcrastinateJob.objects.values_list("pk", flat=True)) == {failed, recent}


def test_both_are_done_by_themselves():
    periodic = {entry.task.name for entry in app.periodic_registry.periodic_tasks.values()}

    assert {"config.tasks.retry_stalled_jobs", "config.tasks.remove_old_jobs"} <= periodic
