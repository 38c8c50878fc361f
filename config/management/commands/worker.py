"""The process that does the jobs: deliveries, renderings, and the clock's periodic tasks."""

import asyncio
import signal

from django.core.management.base import CommandParser
from procrastinate.contrib.django import app

from config import processes
from config.usage import FrenchUsage

GRACE_SECONDS = 10


class Command(FrenchUsage):
    help = "Fait les travaux en attente : envois, actes à produire, horloge des délais. S’arrête par Ctrl-C ou SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-eof", action="store_true", help="s’arrête quand l’entrée standard se ferme")
        parser.add_argument("--concurrency", type=int, default=2, help="travaux menés en même temps (2)")

    def handle(self, *args: object, **options: int) -> None:
        if options["until_eof"]:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            processes.die_with_parent()
            processes.stop_at_end_of_input()
        asyncio.run(_work(options["concurrency"]))


async def _work(concurrency: int) -> None:
    """Django's own connector cannot listen to the database: the worker's has its connections, and its jobs use Django's."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        async with working.open_async():
            await working.run_worker_async(
                concurrency=concurrency, shutdown_graceful_timeout=GRACE_SECONDS, install_signal_handlers=True
            )
