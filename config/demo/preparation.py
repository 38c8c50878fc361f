"""What a data folder needs before the demo can be served: a migrated database, its people and its cases."""

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from config.demo import people, seed
from permis.enums import State
from permis.models import Application, CaseIndex
from territories.models import Authority
from workflows.statistics import recount

PASSWORD_BYTES = 9
PASSWORD_FILE = "demo-password"  # noqa: S105 (the name of a file)


def prepare(stdout: OutputWrapper, *, password: str | None) -> str:
    """Bring the database up to date, fill it the first time, and return the password of every demo account."""
    with _step(stdout, "Base de données"):
        connection.ensure_connection()
    if _has_migrations_to_apply():
        with _step(stdout, "Tables"):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
    password = _kept_password(settings.DATA_DIR, password)
    if not Authority.objects.exists():
        stdout.write("Communes, comptes et dossiers d’essai…")
        started = time.monotonic()
        # One transaction: a start that is interrupted leaves nothing half filled.
        with transaction.atomic():
            seed.seed(password=password, stdout=stdout)
            _leave_for_later()
        stdout.write(f"  faits en {time.monotonic() - started:.1f} s")
    else:
        _catch_up(stdout)
    _give_password(password)
    return password


def _catch_up(stdout: OutputWrapper) -> None:
    """What an upgrade asks for once, on a data folder that an earlier version filled."""
    if recount.is_needed():
        with _step(stdout, "Chiffres des tableaux de bord"):
            recount.mend()
    if not CaseIndex.objects.exists() and Application.objects.exclude(state=State.DRAFT).exists():
        with _step(stdout, "Index de la recherche"):
            call_command("reindex", verbosity=0, stdout=StringIO())


def reset(stdout: OutputWrapper) -> None:
    """Erase what the demo made in its data folder, and nothing else there."""
    with _step(stdout, "Effacement des données de la démonstration"):
        settings.CLUSTER.remove()
        shutil.rmtree(settings.DATA_DIR / "files", ignore_errors=True)
        shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
        (settings.DATA_DIR / PASSWORD_FILE).unlink(missing_ok=True)


def _leave_for_later() -> None:
    """What these cases left to be done comes after what a visitor does meanwhile: a hundred files would be examined before theirs."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET priority = priority - 100")


def _has_migrations_to_apply() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _kept_password(data_dir: Path, wanted: str | None) -> str:
    """The password asked for, else the one of an earlier start, else a new one; kept for its owner alone."""
    file = data_dir / PASSWORD_FILE
    if wanted is None and file.exists():
        return file.read_text(encoding="utf-8")
    password = wanted or secrets.token_urlsafe(PASSWORD_BYTES)
    file.touch(mode=0o600)
    file.write_text(password, encoding="utf-8")
    return password


def _give_password(password: str) -> None:
    """Change the password of the demo accounts that have another one."""
    for user in User.objects.filter(email__in=[email for email, _, _ in people.ACCOUNTS]):
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])


@contextmanager
def _step(stdout: OutputWrapper, name: str) -> Iterator[None]:
    started = time.monotonic()
    stdout.write(f"{name}…", ending="")
    stdout.flush()
    yield
    stdout.write(f" {time.monotonic() - started:.1f} s")
