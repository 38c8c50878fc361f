"""What is written to the log says what happened, to whom by number, and opens nothing."""

import logging
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from config.logs import Discreet
from permis.models import Application
from tests import factories

KEY = "quarantaine/12/345/0123456789abcdef0123456789abcdef"
SETTLED = f"12/345/{'ab' * 32}"


def written(message, *args, exc_info=None):
    return Discreet("%(message)s").format(logging.LogRecord("permis", logging.ERROR, "", 0, message, args, exc_info))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Not Found: /fichiers/lire/eyJrZXk:1x:sig/", "Not Found: /fichiers/lire/…/"),
        (f"job delete_bytes(keys=['{KEY}', '{SETTLED}.pages/1.jpg'])", "job delete_bytes(keys=['quarantaine/…', '12/345/….pages/1.jpg'])"),
        ("GET /b/k?X-Amz-Credential=AK%2F1&X-Amz-Expires=60&X-Amz-Signature=abc", "GET /b/k?X-Amz-Credential=…&X-Amz-Expires=60&X-Amz-Signature=…"),
        ("refused {'h.duprat@exemple.fr': (550, b'no')}", "refused {'…@…': (550, b'no')}"),
        ("application granted id=12 by=3", "application granted id=12 by=3"),
    ],
)  # fmt: skip
def test_what_opens_a_file_or_names_a_person_is_cut(said, kept):
    assert written("%s", said) == kept


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_not_told():
    case = factories.ApplicationFactory()
    try:
        with transaction.atomic():
            Application.objects.filter(pk=case.pk).update(state="refused", received_on="2026-01-01")
    except IntegrityError:
        text = written("broken", exc_info=sys.exc_info())
    assert "IntegrityError" in text
    assert "violates check constraint" in text
    assert "Failing row" not in text


def test_every_line_of_the_log_is_written_so():
    assert {each["()"] for each in settings.LOGGING["formatters"].values()} == {"config.logs.Discreet"}
    assert {each["formatter"] for each in settings.LOGGING["handlers"].values()} == {"line"}
