"""Two signatories, eight clients, hundreds of cases, over HTTP to real server processes: each case is decided once."""

import http.client
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier
from typing import Self
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from notifications.models import Message
from permis import journal
from permis.enums import Outcome, State
from permis.models import Application
from permis.models.journal import Entry, Event
from territories.models import Authority
from tests import factories
from tests.serving import start_site
from tests.workflows.test_actions import file
from workflows.actions import completeness, decision, inspection

pytestmark = pytest.mark.django_db(transaction=True)
# Enough to meet the races; the continuous integration asks for more.
CASES = int(os.environ.get("RACE_CASES", "20"))
CLIENTS = 8


Answer = tuple[int, str]


class Browser:
    """One signed-in client: its cookies, its connection kept open, no JavaScript."""

    def __init__(self, port: int, user: User) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        session = Client()
        session.force_login(user)
        self.cookies = {"sessionid": session.cookies["sessionid"].value, "csrftoken": "a" * 32}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies["csrftoken"],
        }
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture
def port(tmp_path) -> Iterator[int]:
    """The site, on this test's database."""
    with start_site(Path(tempfile.mkdtemp(dir=tmp_path))) as port:
        yield port


@pytest.fixture
def authority():
    return factories.AuthorityFactory()


def ready_to_sign(authority: Authority, officer: User) -> list[int]:
    """Cases that wait for their signature, of one commune and one landlord, by their keys."""
    commune, landlord, today = factories.CommuneFactory(epci_siren=authority.siren), factories.UserFactory(), authority.today()
    cases = []
    for _ in range(CASES):
        draft = factories.ApplicationFactory(authority=authority, commune=commune, applicant=landlord)
        case = completeness.declare_complete(file(draft, on=today), by=officer, on=today)
        inspection.waive_visit(case, reason="Visité pour un autre lot.", by=officer, on=today)
        decision.propose_decision(case, outcome=Outcome.GRANTED, by=officer, on=today)
        cases.append(case.pk)
    return cases


def all_at_once(browsers: Sequence[Browser], cases: Sequence[int], ask: Callable[[Browser, int], Answer]) -> list[list[Answer]]:
    """For each case, what each browser is answered when all ask at the same instant."""
    barrier = Barrier(len(browsers))

    def run(browser: Browser) -> list[Answer]:
        answers = []
        for case in cases:
            barrier.wait(timeout=60)
            answers.append(ask(browser, case))
        return answers

    with ThreadPoolExecutor(len(browsers)) as threads:
        return [list(each) for each in zip(*threads.map(run, browsers), strict=True)]


def previews(browser: Browser, cases: Sequence[int]) -> dict[int, str]:
    """The act that each signing page shows."""
    pages = {case: browser.get(f"/dossiers/{case}/signer/") for case in cases}
    return {case: re.search(r'name="act" value="(\d+)"', page)[1] for case, (_, page) in pages.items()}


def test_two_signatories_decide_each_case_once(authority, port):
    officer = factories.member(authority, Role.OFFICER)
    signatories = [factories.member(authority, Role.SIGNATORY, first_name=name) for name in ("Anne", "Luc")]
    cases = ready_to_sign(authority, officer)
    with ExitStack() as stack:
        browsers = [stack.enter_context(Browser(port, signatories[place % 2])) for place in range(CLIENTS)]
        with ThreadPoolExecutor(2) as threads:
            shown = list(threads.map(lambda browser: previews(browser, cases), browsers[:2]))

        def sign(browser: Browser, case: int) -> Answer:
            return browser.post(f"/dossiers/{case}/signer/", act=shown[browsers.index(browser) % 2][case])

        answers = all_at_once(browsers, cases, sign)

    assert Counter(tuple(sorted(status for status, _ in each)) for each in answers) == {(302, *[409] * (CLIENTS - 1)): CASES}
    losers = [page for each in answers for status, page in each if status == 409]
    assert all("Déjà décidé" in page and "Décision signée" in page for page in losers)
    assert set(Application.objects.values_list("state", flat=True)) == {State.DECISION_SIGNED}
    assert Entry.objects.filter(event=Event.SIGNED).count() == CASES
    told = Message.objects.filter(kind="decision_to_notify").values_list("application", flat=True)
    assert sorted(told) == cases
    assert [fault for case in Application.objects.all() for fault in journal.faults(case)] == []


def test_eight_clicks_deposit_once_and_all_are_led_to_the_application(authority, port):
    draft = factories.ApplicationFactory(authority=authority)
    factories.prove_address(draft.applicant)
    with ExitStack() as stack:
        browsers = [stack.enter_context(Browser(port, draft.applicant)) for _ in range(CLIENTS)]
        [answers] = all_at_once(
            browsers, [draft.pk], lambda browser, case: browser.post(f"/demandes/{case}/depot/", accuracy_declared="on")
        )
    assert [status for status, _ in answers] == [302] * CLIENTS
    assert Entry.objects.filter(event=Event.SUBMITTED).count() == 1
    assert Message.objects.filter(kind="submitted").count() == 2, "one to the applicant, one to the lessor"
    assert draft.acts.count() == 1
