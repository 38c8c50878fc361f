"""What a person reads who mistypes a command, and what the log keeps of a request for another site."""

import pytest
from django.core.management import load_command_class

from config.usage import in_french


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["--prot", "8001"], "argument inconnu : --prot 8001"),
        (["--port"], "--port attend une valeur"),
        (["--p", "1"], "--p peut vouloir dire"),
    ],
)
def test_a_mistyped_demo_is_answered_in_french(capsys, words, answer):
    parser = load_command_class("config", "demo").create_parser("manage.py", "demo")
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(words)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert answer in said
    assert "manage.py demo --help" in said
    assert "usage" not in said


def test_a_number_is_asked_for_in_french(capsys):
    parser = load_command_class("config", "worker").create_parser("manage.py", "worker")
    with pytest.raises(SystemExit):
        parser.parse_args(["--concurrency", "deux"])
    assert "--concurrency attend un nombre, et non « deux »" in capsys.readouterr().err


def test_what_is_not_known_stays_as_it_is():
    assert in_french("something new") == "something new"


@pytest.mark.django_db
def test_a_stray_host_leaves_one_line_without_a_trace(client, caplog):
    answer = client.get("/accessibilite/", headers={"host": "ailleurs.exemple"})
    assert answer.status_code == 400
    [record] = [each for each in caplog.records if each.name == "django.security.DisallowedHost"]
    assert "ailleurs.exemple" in record.getMessage()
    assert record.exc_info is None
