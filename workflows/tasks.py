"""Scheduled work: each task calls the clock, which finds who owes something and decides nothing itself."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from documents.models import StoredFile
from permis import indexing
from territories.models import Authority
from workflows.actions import appointments, clock, gathering, opinions, owed, works
from workflows.exports.tasks import publish_open_data, tend_exports, write_export
from workflows.statistics import tally

__all__ = ["publish_open_data", "tend_exports", "write_export"]

logger = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="run_clock")
def run_clock(timestamp: int = 0) -> None:
    """Every few minutes: what time does by itself, on the day it is for each authority, from its own midnight."""
    del timestamp  # given by the scheduler; the day belongs to each authority
    logger.info("clock ran counts=%s", clock.run_everywhere(now=timezone.now()))


@app.periodic(cron="0 9 * * *")
@app.task(queueing_lock="remind_of_visits")
def remind_of_visits(timestamp: int = 0) -> None:
    """Each morning: the visits of the next two days are recalled, and who lived in visited dwellings is forgotten."""
    del timestamp  # given by the scheduler; the day belongs to each authority

    def recall(authority: Authority) -> int:
        counts = appointments.run_reminders(authority, on=authority.today())
        logger.info("visits recalled authority=%s counts=%s", authority.pk, counts)
        return counts["reminded"]

    owed.for_each("visits recalled", Authority.objects.order_by("pk"), recall)


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="remind_of_works")
def remind_of_works(timestamp: int = 0) -> None:
    """Every hour: the reminders of prescribed works whose term comes or has passed, each once."""
    del timestamp  # given by the scheduler; the day belongs to each authority
    logger.info("works reminded counts=%s", owed.everywhere(works.DUTIES, now=timezone.now()))


@app.periodic(cron="35 * * * *")
@app.task(queueing_lock="remind_of_opinions")
def remind_of_opinions(timestamp: int = 0) -> None:
    """Every hour: the opinions whose day has passed are recalled, each once."""
    del timestamp  # given by the scheduler; the day belongs to each authority
    logger.info("opinions recalled counts=%s", owed.everywhere(opinions.DUTIES, now=timezone.now()))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="fold_figures")
def fold_figures(timestamp: int = 0) -> None:
    """Every ten minutes: what the actions added to the figures becomes one row a line; the sums do not change."""
    del timestamp  # given by the scheduler; the figures of every authority are folded alike
    logger.info("figures folded rows=%s", tally.fold())


@app.periodic(cron="40 4 * * 0")
@app.task(queueing_lock="forget_words")
def forget_words(timestamp: int = 0) -> None:
    """Every Sunday: the names that no case bears any more leave the vocabulary of the search."""
    del timestamp  # given by the scheduler; nothing here has a day
    logger.info("words forgotten count=%s", indexing.forget_words())


@app.task
def tell_of_unusable_file(*, file_id: int) -> None:
    """Asked for by the examination of a file, which knows nothing of cases. Who joined evidence to a sanction sees it there."""
    file = StoredFile.objects.select_related("application__authority").get(pk=file_id)
    if file.application is None:
        return
    today = file.application.authority.today()
    gathering.tell_of_unusable_file(file, on=today)
    works.tell_of_unusable_proof(file, on=today)
