import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DATABASE_URL": "postgresql://permis@db/permis",
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "permis.example.fr",
    "BASE_URL": "https://permis.example.fr",
    "EMAIL_URL": "smtps://permis:secret@mail.example.fr:465",
    "SEAL_PKCS12": "/etc/permis/cachet.p12",
}


def load(environment: dict[str, str], expression: str = "None") -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, as a start does."""
    return subprocess.run(
        [sys.executable, "-c", f"from config import settings; print({expression})"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_complete_production_starts(plain_environment):
    done = load({**plain_environment, **PRODUCTION}, "settings.DEBUG, settings.SESSION_COOKIE_SECURE")

    assert (done.stdout, done.returncode) == ("False True\n", 0), done.stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY manque"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY manque ou a moins de 50 caractères"),
        ({"DEBUG": "1"}, "DEBUG est interdit en production"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS manque"),
        ({"BASE_URL": "http://permis.example.fr"}, "BASE_URL manque ou n’est pas en https"),
        ({"EMAIL_URL": ""}, "EMAIL_URL manque"),
        ({"SEAL_PKCS12": ""}, "SEAL_PKCS12 manque"),
        ({"DATABASE_URL": "sqlite:///permis.db"}, "DATABASE_URL doit désigner une base PostgreSQL"),
        ({"DATABASE_URL": "mysql://permis@db/permis"}, "DATABASE_URL doit désigner une base PostgreSQL"),
        ({"CLAMD_URL": "/run/clamav/clamd.ctl"}, "CLAMD_URL est mal écrite"),
    ],
)
def test_an_unsafe_production_does_not_start_and_says_why(plain_environment, change, sentence):
    done = load({**plain_environment, **PRODUCTION, **change})

    assert done.returncode != 0
    last_line = done.stderr.strip().splitlines()[-1]
    assert last_line.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert sentence in last_line


def test_without_a_database_of_its_own_it_is_the_embedded_postgresql(plain_environment, tmp_path):
    done = load(
        {**plain_environment, "PERMIS_DATA_DIR": str(tmp_path)}, "settings.DATABASES['default']['ENGINE'], settings.DEBUG"
    )

    assert done.stdout == "config.embedded False\n"
    assert list(tmp_path.iterdir()) == []


def test_storage_url_names_a_bucket(plain_environment):
    url = "s3://key:s%2Fcret@bucket?endpoint=https://s3.example.fr&region=fr-par&style=path"

    done = load({**plain_environment, "STORAGE_URL": url}, "settings.STORAGES['default']['OPTIONS']")

    options = eval(done.stdout)  # noqa: S307 (a dict that the line above printed)
    assert options["bucket_name"] == "bucket"
    assert (options["access_key"], options["secret_key"]) == ("key", "s/cret")
    assert (options["endpoint_url"], options["region_name"], options["addressing_style"]) == (
        "https://s3.example.fr",
        "fr-par",
        "path",
    )


def test_pages_may_send_to_the_storage_and_show_its_pictures(plain_environment):
    url = "s3://key:secret@bucket?endpoint=https://s3.example.fr&region=fr-par"

    done = load({**plain_environment, "STORAGE_URL": url}, "settings.CONTENT_SECURITY_POLICY['DIRECTIVES']")

    policy = eval(done.stdout)  # noqa: S307 (a dict that the line above printed)
    assert policy["connect-src"] == ["'self'", "https://s3.example.fr"]
    assert policy["img-src"] == ["'self'", "data:", "https://s3.example.fr"]
    assert policy["script-src"] == ["'self'"]


def test_maps_may_show_the_tiles_they_are_given_and_no_others(plain_environment):
    url = "https://{s}.tuiles.example/{z}/{x}/{y}.png"

    done = load({**plain_environment, "TILES_URL": url}, "settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src']")

    assert eval(done.stdout) == ["'self'", "data:", "https://*.tuiles.example"]  # noqa: S307 (a list that the line above printed)


def test_a_storage_address_that_would_be_misread_stops_the_start(plain_environment):
    done = load({**plain_environment, **PRODUCTION, "STORAGE_URL": "s3://key:secret@bucket?endpoin=https://s3.example.fr"})

    assert done.returncode != 0
    assert "STORAGE_URL : option inconnue endpoin" in done.stderr


def test_however_pytest_is_started_the_tests_have_their_own_database_and_keep_no_connection(settings):
    """A thread of the worker that ends with its connection open is a warning, and a warning fails whichever test is next."""
    database = settings.DATABASES["default"]
    assert settings.TESTING
    assert (database["CONN_MAX_AGE"], database["THROWAWAY"]) == (0, True)
