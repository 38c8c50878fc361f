import pytest
from django.db import OperationalError
from django.urls import reverse

from config import views


def test_the_process_says_that_it_lives_without_asking_the_database(client):
    answer = client.get("/health/live")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_pages_forbid_inline_scripts_and_styles(client):
    policy = client.get("/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [(OperationalError("no server"), 503, "arrêté quelques minutes"), (ValueError("a bug"), 500, "Une erreur est survenue")],
)
def test_a_failure_is_told_without_the_database(client, monkeypatch, failure, status, words):
    def fail(*_args):
        raise failure

    monkeypatch.setattr(views, "render", fail)
    client.raise_request_exception = False
    answer = client.get(reverse("accessibility"))
    assert answer.status_code == status
    assert words in answer.content.decode()
