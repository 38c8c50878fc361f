"""The whole product on one machine: an embedded database, the web server, the worker, and people to sign in as."""

import io
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from config import processes
from config.cluster import ClusterError
from config.demo import people, preparation, serving
from config.demo.serving import Children, WebServerDied
from config.usage import FrenchUsage

LAST_PORT = 65535


class Command(FrenchUsage):
    help = "Démarre la démonstration : base de données, site et travaux de fond, avec des dossiers et des comptes d’essai."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default="8000", help="port du site (8000)")
        parser.add_argument("--data-dir", type=Path, default=settings.DATA_DIR, help="dossier des données (.data)")
        parser.add_argument("--password", help="mot de passe commun des comptes ; sinon tiré au hasard et conservé")
        parser.add_argument("--reset", action="store_true", help="efface les données de la démonstration et repart de zéro")

    def handle(self, *args: object, **options: Any) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)
        data_dir = options["data_dir"].absolute()
        wanted = _port(options["port"])
        lock = _only_one(data_dir)
        port = _free_port(wanted)
        url = f"http://127.0.0.1:{port}"
        if (data_dir, url) != (settings.DATA_DIR, settings.BASE_URL):
            _start_again_with(PERMIS_DATA_DIR=str(data_dir), BASE_URL=url)
        if port != wanted:
            self.stdout.write(f"Le port {wanted} est occupé : la démonstration prend le port {port}.")
        lock.write(f"{url}/")
        # A script that starts it in the background made it deaf to Ctrl-C.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, serving.leave)
        try:
            self._run(port, url, reset=options["reset"], password=options["password"])
        except ClusterError as error:
            raise CommandError(str(error)) from error
        except WebServerDied:
            raise CommandError("Le serveur web s’est arrêté ; son dernier message est ci-dessus.") from None
        except KeyboardInterrupt:
            self.stdout.write("\nLa démonstration est arrêtée. Ses données restent : la même commande les retrouve.")

    def _run(self, port: int, url: str, *, reset: bool, password: str | None) -> None:
        if reset:
            preparation.reset(self.stdout)
        password = preparation.prepare(self.stdout, password=password)
        children = Children(port)
        try:
            children.wait_until_ready()
            self._introduce(url, password)
            children.watch(self.stdout)
        finally:
            children.stop()

    def _introduce(self, url: str, password: str) -> None:
        self.stdout.write(f"\nLa démonstration est prête : {url}/\n")
        email_width = max(len(email) for email, _, _ in people.ACCOUNTS)
        role_width = max(len(role) for _, role, _ in people.ACCOUNTS)
        for email, role, may_try in people.ACCOUNTS:
            self.stdout.write(f"  {email:<{email_width}}  {role:<{role_width}}  {may_try}")
        self.stdout.write(f"\n  Mot de passe de tous ces comptes : {password}")
        self.stdout.write(f"  Courriels envoyés : {url}/demo/courriels/")
        self.stdout.write("  Ctrl-C arrête tout ; les données restent.")


def _only_one(data_dir: Path) -> processes.OnlyOne:
    try:
        return processes.OnlyOne(data_dir / "demo.lock")
    except processes.AlreadyRunning as running:
        raise CommandError(f"La démonstration tourne déjà : {running.note or 'elle démarre'}") from None
    except OSError:
        raise CommandError(
            f"« {data_dir} » n’est pas un dossier où écrire : vérifiez ses droits et la place qui reste. "
            "Choisissez-en un autre par --data-dir."
        ) from None


def _port(text: str) -> int:
    if not str(text).isdecimal() or not 1 <= int(text) <= LAST_PORT:
        raise CommandError(f"« {text} » n’est pas un port : donnez un nombre de 1 à {LAST_PORT}, par exemple --port 8000.")
    return int(text)


def _free_port(wanted: int) -> int:
    port = processes.first_free_port(wanted)
    if port is None:
        raise CommandError(f"Aucun port n’est libre à partir du {wanted}. Choisissez-en un autre par --port.")
    return port


def _start_again_with(**environment: str) -> NoReturn:
    """The settings read the environment once, before the arguments: begin again with what these say."""
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **environment, "PERMIS_NO_BOOTSTRAP": "1"})
