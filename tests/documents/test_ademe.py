"""The register of ADEME behind its port. The answers below were written after its published documentation, not recorded."""

import csv
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from documents import ademe
from documents.ademe import Absence, Certificate, NoLookUp, OpenData, Reply, Unavailable
from documents.checks import Answer, Document, Severity
from permis.enums import PieceKind

ROW = {
    "numero_dpe": "2433E0412076K",
    "date_etablissement_dpe": "2024-03-18",
    "date_fin_validite_dpe": "2034-03-17",
    "etiquette_dpe": "D",
    "etiquette_ges": "B",
    "surface_habitable_logement": 58.4,
    "adresse_ban": "12 Rue de la Gare 33920 Saint-Savin",
    "_score": None,
}
CERTIFICATE = Certificate(
    number="2433E0412076K",
    established_on=date(2024, 3, 18),
    valid_until=date(2034, 3, 17),
    energy_class="D",
    surface=Decimal("58.4"),
    address="12 Rue de la Gare 33920 Saint-Savin",
)
DPE = Document(PieceKind.DPE, date(2024, 3, 18), "2433E0412076K", "D", surface=Decimal("58.4"))


class FakeAdeme(ThreadingHTTPServer):
    """Answers every question alike and keeps what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.status, self.body, self.asked = 200, b"", []

    @property
    def register(self) -> OpenData:
        return OpenData(api=f"http://127.0.0.1:{self.server_port}/datasets", timeout=2)

    def answers(self, *rows: dict, status: int = 200) -> None:
        self.status, self.body = status, json.dumps({"total": len(rows), "results": rows}).encode()


class _Answering(BaseHTTPRequestHandler):
    server: FakeAdeme

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def server() -> Iterator[FakeAdeme]:
    with FakeAdeme() as fake:
        thread = threading.Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield fake
        fake.shutdown()
        thread.join()


def test_a_certificate_is_found_by_its_number(server):
    server.answers(ROW)

    assert server.register.look_up(" 2433 e041 2076 k") == Reply(CERTIFICATE, hashlib.sha256(server.body).hexdigest())

    asked = urlsplit(server.asked[0])
    assert asked.path == "/datasets/dpe03existant/lines"
    assert parse_qs(asked.query) == {"qs": ['numero_dpe:"2433E0412076K"'], "size": ["2"]}


def test_new_dwellings_have_a_register_of_their_own(server):
    server.answers()

    assert server.register.look_up("2433N0412076K").certificate is None
    assert server.asked[0].startswith("/datasets/dpe02neuf/lines?")


def test_a_neighbouring_number_is_not_the_certificate(server):
    server.answers(ROW | {"numero_dpe": "2433E0412077L"})

    assert server.register.look_up("2433E0412076K").certificate is None


@pytest.mark.parametrize("number", ["", "2433E04", '2433E0412076K" OR *', "1833V1001234B", "2363T1680837R"])
def test_what_no_register_can_hold_is_not_asked(server, number):
    assert server.register.look_up(number) == Reply(None)
    assert server.asked == []


def test_what_the_register_leaves_out_is_empty(server):
    server.answers({"numero_dpe": "2433E0412076K", "date_etablissement_dpe": "?", "surface_habitable_logement": None})

    assert server.register.look_up("2433E0412076K").certificate == Certificate("2433E0412076K")


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (429, b""), (404, b"{}"), (200, b"<html>"), (200, b"{}"), (200, b"[]"), (200, b'{"results": ["?"]}')],
)
def test_an_answer_that_is_none_is_unavailable(server, status, body):
    server.status, server.body = status, body

    with pytest.raises(Unavailable):
        server.register.look_up("2433E0412076K")
    assert ademe.ask(server.register, "2433E0412076K") == (Absence.UNAVAILABLE, "")


def test_nobody_at_the_address_is_unavailable():
    assert ademe.ask(OpenData(api="http://127.0.0.1:9/datasets", timeout=1), "2433E0412076K") == (Absence.UNAVAILABLE, "")


def test_ask_tells_each_outcome_apart(server):
    server.answers(ROW)
    assert ademe.ask(server.register, "2433E0412076K") == (CERTIFICATE, hashlib.sha256(server.body).hexdigest())

    server.answers()
    assert ademe.ask(server.register, "2433E0412076K")[0] == Absence.ABSENT

    assert ademe.ask(NoLookUp(), "2433E0412076K") == (Absence.NEVER_ASKED, "")


@pytest.mark.parametrize(
    ("document", "found", "answer", "severity", "said"),
    [
        (DPE, CERTIFICATE, Answer.YES, Severity.WARNING, "valable jusqu’au 17/03/2034"),
        (replace(DPE, energy_class="C"), CERTIFICATE, Answer.NO, Severity.BLOCKING, "classe C au lieu de D"),
        (replace(DPE, established_on=date(2025, 3, 18)), CERTIFICATE, Answer.NO, Severity.WARNING, "au lieu du 18/03/2024"),
        (replace(DPE, surface=Decimal(65)), CERTIFICATE, Answer.NO, Severity.WARNING, "65\u00a0m² au lieu de 58,4\u00a0m²"),
        (replace(DPE, energy_class=""), CERTIFICATE, Answer.UNKNOWN, Severity.WARNING, "comparer la classe"),
        (DPE, Certificate("2433E0412076K"), Answer.UNKNOWN, Severity.WARNING, "la classe et la date"),
        (DPE, Absence.ABSENT, Answer.NO, Severity.WARNING, "peut-être été remplacé"),
        (replace(DPE, number="1833V1001234B"), Absence.ABSENT, Answer.UNKNOWN, Severity.WARNING, "01/07/2021"),
        (replace(DPE, number="?"), Absence.ABSENT, Answer.UNKNOWN, Severity.WARNING, "numéro lisible"),
        (DPE, Absence.UNAVAILABLE, Answer.UNKNOWN, Severity.WARNING, "Réessayez plus tard"),
        (DPE, Absence.NEVER_ASKED, Answer.UNKNOWN, Severity.WARNING, "vous-même"),
    ],
)
def test_known_to_ademe(document, found, answer, severity, said):
    result = ademe.known_to_ademe(document, found)

    assert (result.code, result.answer, result.severity) == ("known_to_ademe", answer, severity)
    assert said in result.reason


def test_the_states_have_their_own_sentence():
    titles = {ademe.known_to_ademe(DPE, found).title for found in [CERTIFICATE, *Absence]}

    assert titles == {
        "L’ADEME publie ce DPE",
        "L’ADEME ne publie pas ce DPE",
        "Le registre de l’ADEME est indisponible",
        "Ce DPE n’a jamais été vérifié auprès de l’ADEME",
    }


@pytest.mark.reference_data
def test_real_certificates_are_recognised(reference_data, server):
    with (reference_data / "dpe" / "dpe_DEV_dept87.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:12]
    for row in rows:
        server.answers(
            {
                "numero_dpe": row["numero_dpe"],
                "date_etablissement_dpe": row["date_etablissement"],
                "etiquette_dpe": row["classe_dpe"],
                "surface_habitable_logement": float(row["surface_logement"]),
            }
        )
        document = Document(PieceKind.DPE, date.fromisoformat(row["date_etablissement"]), row["numero_dpe"], row["classe_dpe"])

        assert ademe.known_to_ademe(document, ademe.ask(server.register, document.number)[0]).answer == Answer.YES
