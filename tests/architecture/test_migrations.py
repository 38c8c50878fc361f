"""The tables of a new installation are those of one that followed every migration."""

import pytest
from django.db.migrations import RunSQL
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner

OURS = {"accounts", "territories", "permis", "documents", "inspections", "notifications", "workflows"}
# What only filled columns of rows that a new installation does not have.
FILLED = {("workflows", "0009_shown_rows")}


@pytest.fixture(scope="module")
def histories():
    """What is loaded with the squashed migrations, and without them."""
    return MigrationLoader(None), MigrationLoader(None, replace_migrations=False)


def test_both_histories_lead_to_the_same_models(histories):
    short, long = (loader.project_state() for loader in histories)
    for before, after in ((short, long), (long, short)):
        found = MigrationAutodetector(before, after, NonInteractiveMigrationQuestioner()).changes(histories[0].graph)
        assert {app: changes for app, changes in found.items() if app in OURS} == {}


def test_both_histories_say_the_same_to_the_database(histories):
    """Triggers, statistics and settings of tables: what Django's state does not hold."""
    short, long = set(), set()
    for (app, name), migration in histories[0].disk_migrations.items():
        if app in OURS and (app, name) not in FILLED:
            said = short if name.startswith("0001_squashed") else long
            said |= {each.sql.strip() for each in migration.operations if isinstance(each, RunSQL)}
    assert short == long != set()
