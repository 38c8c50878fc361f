"""The rows of each case, in every table: keys are counted from the number of the case, so that nothing is asked of the database."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

from viewflow.workflow.models import Process, Task

from accounts.models import User
from bench.million import names, stories
from bench.million.plan import VISITS_A_DAY, WAITS, Plan
from bench.million.stories import Story
from bench.million.tables import NULL, Table, day, literal, text
from bench.million.territory import Town
from documents.enums import FilePurpose, FileState, Verdict
from documents.models import Piece, Scan, StoredFile
from inspections import grid
from inspections.enums import Conclusion, VisitState
from inspections.models import Finding, Visit
from permis import addresses, journal, numbering
from permis.enums import Channel, ConditionState, Means, PieceKind, State
from permis.models import Application, Decision, Dwelling, Entry, Lessor, Notice, PieceRequest, PrescribedWork
from permis.models.journal import Event
from territories.enums import Regime
from territories.text import fold
from workflows.flows import ROLES
from workflows.models import PermisProcess, WorkItem

# Room for the rows of one case in the tables where it has several.
MANY = 32
FLOW = "workflows/flows.PermisFlow"
PIECES = (PieceKind.DPE, PieceKind.ELECTRICITY, PieceKind.CREP, PieceKind.ERP)
# The way from the deposit to each open task; the names are those of the flow.
_CHECKED = ("start", "after_deposit", "check_pieces", "after_check")
_VISITED = (*_CHECKED, "plan_visit", "after_planning", "visit_dwelling", "after_visit")
_SIGNED = (*_VISITED, "draft_decision", "after_draft", "sign_decision", "after_signature")
PATHS = {
    "check_pieces": ("start", "after_deposit"), "provide_pieces": _CHECKED, "plan_visit": _CHECKED, "visit_dwelling": (*_CHECKED, "plan_visit", "after_planning"),
    "check_answer": (*_CHECKED, "provide_pieces", "after_pieces"), "draft_decision": _VISITED, "sign_decision": (*_VISITED, "draft_decision", "after_draft"),
    "notify_decision": _SIGNED, "check_works": (*_SIGNED, "notify_decision", "after_notice"),
    "lift_conditions": (*_SIGNED, "notify_decision", "after_notice", "check_works", "after_works"),
}  # fmt: skip
KEPT = ("zone_id", "regime", "state", "officer_id", "received_on", "number")
GATEWAYS = {"start": "START", "end": "END"}


class Writer:
    """The tables, and what writes one case into them; ``first_user`` is the key of the first landlord less one."""

    def __init__(self, plan: Plan, towns: list[Town], *, first_user: int) -> None:
        self.plan, self.towns, self.first_user = plan, towns, first_user
        self.items = [item for section in grid.national().sections for item in section.items]
        self.folded = {town.insee: fold(f"{town.name} {town.insee}") for town in towns}
        self.applications = Table(
            Application, "id", "regime", "authority_id", "commune_id", "zone_id", "number", "state", "channel", "applicant_id", "officer_id",
            "nature", "created_at", "received_on", "clock_started_on", "tacit_on", "completed_on", "respond_by", "lease_signed_on", "outcome",
            "mode", "signed_on", "notified_on", "valid_until", "lifted_on", "ended_on", "state_before_silence", "search", "posted_on",
            "receipt_due_on", "receipted_on", "zoning", "step",
        )  # fmt: skip
        self.dwellings = Table(
            Dwelling, "id", "application_id", "address", "postcode", "floor", "door", "address_key", "housing", "ownership",
            "construction_year", "surface", "rooms", "furnished", "dpe_class", "dpe_number", "latitude", "longitude", "electricity", "gas",
        )  # fmt: skip
        self.lessors = Table(
            Lessor, "id", "application_id", "kind", "civility", "first_name", "last_name", "company", "siret", "address", "postcode", "city",
            "email", "phone", "position",
        )  # fmt: skip
        self.entries = Table(
            Entry, "id", "application_id", "position", "event", "on", "recorded_at", "author_id", "author_name", "facts", "previous", "digest"
        )  # fmt: skip
        self.decisions = Table(
            Decision, "id", "application_id", "outcome", "mode", "grounds", "considerations", "order_number", "drafted_by_id", "signatory_id",
            "signatory_name", "signatory_capacity", "signed_on", "act_sha256",
        )  # fmt: skip
        self.works = Table(
            PrescribedWork, "id", "decision_id", "position", "code", "place", "finding", "evidence", "basis", "work", "due_on", "state", "settled_on"
        )  # fmt: skip
        self.visits = Table(
            Visit,
            "id",
            "application_id",
            "state",
            "inspector_id",
            "starts_at",
            "ends_at",
            "convoked_on",
            "conclusion",
            "reported_on",
        )
        self.findings = Table(Finding, "id", "visit_id", "position", "code", "place", "description", "severity", "basis", "work")
        self.notices = Table(
            Notice, "id", "application_id", "means", "tracking_number", "sent_on", "first_presented_on", "collected_on", "handed_over_on",
            "recipient", "available_on", "opened_on",
        )  # fmt: skip
        self.requests = Table(PieceRequest, "id", "application_id", "pieces", "requested_on", "respond_by", "answered_on")
        self.scans = Table(Scan, "id", "file_id", "engine", "sha256", "verdict")
        self.files = Table(
            StoredFile,
            "id",
            "application_id",
            "purpose",
            "sha256",
            "state",
            "page_count",
            "name",
            "content_type",
            "size",
            "uploaded_by_id",
        )
        self.pieces = Table(
            Piece, "id", "application_id", "kind", "file_id", "received_on", "established_on", "verdict", "checked_by_id"
        )
        self.processes = Table(Process, "id", "flow_class", "status", "created", "finished")
        self.permits = Table(PermisProcess, "process_ptr_id", "application_id")
        self.tasks = Table(Task, "id", "process_id", "flow_task", "flow_task_type", "status", "created", "finished", "token")
        self.previous = Table(Task._meta.get_field("previous").remote_field.through, "id", "from_task_id", "to_task_id")
        # What else the worklists keep of the case; the rest of it is projected once the rows are there.
        self.kept = [name for name in KEPT if name in {field.attname for field in WorkItem._meta.concrete_fields}]
        self.work_items = Table(
            WorkItem, "id", "application_id", "task_id", "node", "authority_id", "commune_id", "role", "owner_id", "legal_date", "opened_at",
            "shown", *self.kept,
        )  # fmt: skip
        self.landlords = Table(User, "id", "email", "first_name", "last_name", "password", "joined_at")

    @property
    def tables(self) -> list[Table]:
        """In the order in which a trigger may look from one into another."""
        return [each for each in vars(self).values() if isinstance(each, Table)]

    def landlord(self, number: int) -> tuple[str, str, str]:
        """First name, surname and e-mail of a landlord: always the same of the same number."""
        first = names.FIRST_NAMES[number * 7919 % len(names.FIRST_NAMES)]
        last = names.surname(number * 104729 % 999983 / 999983)
        return first, last, f"{_folded(first)}.{last.lower()}{number}@courriel.test"

    def add_landlord(self, number: int) -> None:
        first, last, email = self.landlord(number)
        self.landlords.add(str(self.first_user + 1 + number), email, first, last, "!", f"{self.plan.today}")

    def add_case(self, place: int, draw: Random) -> None:
        """Everything of the case that was received in this rank."""
        plan, town = self.plan, self.towns[self.plan.towns[place]]
        wait, received, declared = WAITS[plan.waits[place]], plan.received_on(place), bool(plan.declared[place])
        story = (
            stories.waiting(wait, received, plan.today, draw)
            if wait
            else stories.closed(received, plan.today, draw, declared=declared)
        )
        case = place + 1
        if story.works:
            is_late = story.tasks == ("check_works",)
            start = plan.today if is_late else story.notified or story.drafted
            story.term = start + timedelta(days=draw.randint(-60, 120) if is_late else 90)
        officer = None if story.state == State.SUBMITTED and draw.random() < 0.5 else draw.choice(town.staff.officers)
        self._application(case, place, story, town, officer, draw)
        self._journal(case, story, town, officer)
        if story.requested:
            answered = day(story.completed) if story.state != State.INCOMPLETE else NULL
            self.requests.add(str(case), str(case), "{dpe}", day(story.requested), day(story.respond_by), answered)
        self._visit(case, place, story, town, draw)
        if story.drafted:
            self._decision(case, story, town, officer or town.staff.officers[0])
        if story.notified:
            self._notice(case, story, draw)
        self._process(case, place, story, town, officer)
        if story.tasks:
            self._files(case, story, officer)

    def _application(self, case: int, place: int, story: Story, town: Town, officer: Any, draw: Random) -> None:
        plan = self.plan
        regime = Regime.DML if plan.declared[place] else Regime.APML
        number = self._number(place, town)
        landlord = plan.landlords[place]
        first, last, email = self.landlord(landlord)
        by_account = draw.random() < 0.7
        channel = Channel.ONLINE if by_account else draw.choice([Channel.PAPER, Channel.COUNTER, Channel.EMAIL])
        street, house = draw.choice(town.streets), 1 + int(90 * draw.random() ** 2)
        address = f"{house} {street}"
        floor = draw.choice(("rez-de-chaussée", "1er étage", "2e étage", "3e étage", ""))
        door = draw.choice(("gauche", "droite", ""))
        place_words = "".join(f", {_folded(part)}" for part in (floor, f"porte {door}" if door else "") if part)
        place_words = f"{house} {_folded(street)}{place_words} {town.postcode}"
        if is_company := landlord % 6 == 0:
            company, civility, person_words = names.company(Random(landlord)), "", ""
        else:
            company, civility = "", ("mrs", "mr")[landlord % 2]
            person_words = f"{('mme', 'm.')[landlord % 2]} {_folded(first)} {last.lower()}"
        search = f"{number.lower()} {self.folded[town.insee]} {place_words} {fold(company) or person_words} {email}"
        self.applications.add(
            str(case), regime, str(town.authority), town.insee, str(town.zones[plan.declared[place]]), number, story.state, channel,
            str(self.first_user + 1 + landlord) if by_account else NULL, str(officer[0]) if officer else NULL, "again",
            _at(story.received), day(story.received), day(story.clock), day(self._tacit(story)), day(story.completed),
            day(story.respond_by) if story.state == State.INCOMPLETE else NULL, day(story.lease), story.outcome if story.signed else "",
            story.mode if story.signed else "", day(story.signed), day(story.notified), day(story.valid_until), day(story.lifted),
            day(story.ended), story.before_silence, search, NULL, day(story.receipt_due), day(story.receipted), "certain", "7",
        )  # fmt: skip
        east, north = draw.random() - 0.5, draw.random() - 0.5
        key = f"{town.insee}_{_street(street)}_{house}"
        year = draw.randint(1850, 2015)
        self.dwellings.add(
            str(case), str(case), address, town.postcode, floor, door, key, "collective", ("single", "condominium")[year % 2], str(year),
            f"{20 + int(90 * draw.random() ** 1.5)}.{draw.randint(0, 9)}0", str(draw.randint(1, 5)), "ft"[draw.random() < 0.3],
            draw.choices("ABCDEFG", (1, 3, 14, 34, 26, 14, 8))[0], f"26{draw.randint(0, 99):02d}E{case % 10_000_000:07d}A",
            f"{town.centre[0] + 0.02 * north:.6f}", f"{town.centre[1] + 0.03 * east:.6f}", "old" if year < 2010 else "recent", "absent",
        )  # fmt: skip
        siret = f"{300_000_000 + landlord:09d}00017" if is_company else ""
        person = ("", "") if is_company else (first, last)
        self.lessors.add(
            str(case), str(case), "company" if is_company else "person", civility, *person, company, siret, "5 allée des Tilleuls",
            "33000", "Bordeaux", email, f"06 39 98 {landlord % 100:02d} {landlord // 100 % 100:02d}", "0",
        )  # fmt: skip

    def _tacit(self, story: Story) -> date | None:
        return None if story.state in (State.INCOMPLETE, State.OUT_OF_SCOPE) else story.tacit

    def _journal(self, case: int, story: Story, town: Town, officer: Any) -> None:
        """Up to four lines: the deposit, the completeness or what was asked, the signature, the end."""
        agent = officer or (None, "")
        lines: list[tuple[Event, date, Any, dict[str, Any]]] = [
            (
                Event.SUBMITTED,
                story.received,
                (None, ""),
                {"channel": "online", "pieces": [kind.value for kind in PIECES], "follows": ""},
            )
        ]
        if story.state == State.INCOMPLETE:
            lines.append(
                (Event.MISSING_REQUESTED, story.requested, agent, {"pieces": ["dpe"], "respond_by": day(story.respond_by)})
            )
        elif story.visited or story.drafted or ("check_pieces" not in story.tasks and not story.ended and story.clock):
            lines.append((Event.COMPLETE, story.completed or story.received, agent, {"tacit_on": day(story.tacit)}))
        if story.signed:
            facts = {"outcome": story.outcome, "signatory": town.staff.signatory[1], "outside": False}
            lines.append((Event.SIGNED, story.signed, town.staff.signatory, facts))
        if story.notified:
            lines.append((Event.NOTIFIED, story.notified, agent, {"outcome": story.outcome}))
        elif story.before_silence:
            lines.append((Event.GRANTED_TACITLY, story.tacit, (None, ""), {"late_refusal": False}))
        elif story.receipted:
            lines.append((Event.RECEIPTED, story.receipted, agent, {}))
        elif story.state in _ENDS:
            lines.append((_ENDS[story.state], story.ended, agent, {"reason": ""}))
        previous = journal.GENESIS
        for position, (event, on, (author, author_name), facts) in enumerate(lines, start=1):
            line = SimpleNamespace(
                owner_name="application", application_id=case, position=position, event=event.value, on=on, author_id=author,
                author_name=author_name, facts=facts, previous=previous,
                recorded_at=datetime(on.year, on.month, on.day, 9, position, tzinfo=UTC),
            )  # fmt: skip
            digest = journal.digest(line)
            self.entries.add(
                str(case * MANY + position), str(case), str(position), event.value, day(on), _at(on, minute=position),
                str(author) if author else NULL, author_name, json.dumps(facts, ensure_ascii=False), previous, digest,
            )  # fmt: skip
            previous = digest

    def _visit(self, case: int, place: int, story: Story, town: Town, draw: Random) -> None:
        if story.planned:
            inspector, slot = self.plan.slots[place]
            start = datetime.combine(
                self.plan.today + timedelta(days=1 + slot // VISITS_A_DAY), time(8 + slot % VISITS_A_DAY), UTC
            )
            state, conclusion, reported = VisitState.PLANNED, "", None
        elif story.visited:
            inspector, reported = draw.choice(town.staff.inspectors)[0], story.visited
            start = datetime.combine(story.visited, time(8 + case % 8), UTC)
            state = VisitState.DONE
            conclusion = Conclusion.FAVOURABLE if not story.works else draw.choice([Conclusion.RESERVES, Conclusion.UNFAVOURABLE])
        else:
            return
        self.visits.add(
            str(case), str(case), state, str(inspector), start.isoformat(), (start + timedelta(minutes=45)).isoformat(),
            day(start.date() - timedelta(days=2)), conclusion, day(reported),
        )  # fmt: skip
        for position, item in enumerate(self._defects(case) if conclusion not in ("", Conclusion.FAVOURABLE) else ()):
            self.findings.add(
                str(case * MANY + position), str(case), str(position), item.code, item.usual_place or "Logement", text(item.title),
                item.severity, text(item.basis[:160]), text(item.work),
            )  # fmt: skip

    def _defects(self, case: int) -> list[grid.Item]:
        """Two defects, some of them much more frequent than others."""
        many = len(self.items)
        first = case * 7 % 23 * (case % 5) % many
        return [self.items[first], self.items[(first + 1 + case % 11) % many]]

    def _decision(self, case: int, story: Story, town: Town, officer: Any) -> None:
        signatory = town.staff.signatory
        sha256 = hashlib.sha256(b"act %d" % case).hexdigest() if story.signed else ""
        words = "que la visite n’a relevé aucun désordre ;" if not story.works else "que la visite a relevé des désordres ;"
        self.decisions.add(
            str(case), str(case), story.outcome, story.mode, literal(story.grounds, is_array=True), words,
            f"{story.drafted.year}-HAB-{case}", str(officer[0]), str(signatory[0]) if story.signed else NULL,
            signatory[1] if story.signed else "", "Le Président" if story.signed else "", day(story.signed), sha256,
        )  # fmt: skip
        for position, (state, item) in enumerate(zip(story.works, self._defects(case), strict=False)):
            settled = day(story.lifted or story.notified) if state == ConditionState.MET else NULL
            self.works.add(
                str(case * MANY + position), str(case), str(position), item.code, item.usual_place or "Logement", text(item.title), "Visite",
                text(item.basis[:160]), text(item.work), day(story.term), state, settled,
            )  # fmt: skip

    def _notice(self, case: int, story: Story, draw: Random) -> None:
        lot, on = draw.random(), story.notified
        sent, presented, collected, handed, available = (NULL,) * 5
        tracking = recipient = ""
        if lot < 0.7:
            means, sent, presented = Means.REGISTERED_LETTER, day(story.signed), day(on)
            collected = day(min(on + timedelta(days=draw.randint(0, 10)), self.plan.today))
            tracking = f"2C {case // 10_000_000 % 1000:03d} {case // 10_000 % 1000:03d} {case % 10_000:04d} {case % 10}"
        elif lot < 0.9:
            means, handed, recipient = Means.HAND, day(on), "le bailleur"
        else:
            means, sent, available = Means.PORTAL, day(on), day(on)
        self.notices.add(
            str(case), str(case), means, tracking, sent, presented, collected, handed, recipient, available,
            day(on) if means == Means.PORTAL else NULL,
        )  # fmt: skip

    def _process(self, case: int, place: int, story: Story, town: Town, officer: Any) -> None:
        """The whole way of an open case; of a closed one the start and the end, which is what the engine needs to go on."""
        created, is_open = _at(story.received), bool(story.tasks)
        last = story.ended or story.lifted or story.notified or story.receipted or story.lease or story.received
        finished = NULL if is_open else _at(min(max(last, story.received), self.plan.today))
        self.processes.add(str(case), FLOW, "NEW" if is_open else "DONE", created, finished)
        self.permits.add(str(case), str(case))
        facts = self._facts(place, story, town, officer) if is_open else {}
        path = PATHS[story.tasks[0]] if is_open else ("start", "end")
        opened = _at(
            max(
                each
                for each in (story.received, story.completed, story.visited, story.drafted, story.signed, story.notified)
                if each
            )
        )
        key = case * MANY
        for name in path:
            done = created if name == "start" else finished if not is_open else opened
            key += 1
            kind = GATEWAYS.get(name) or ("HUMAN" if name in ROLES else "PARALLEL_GATEWAY")
            self.tasks.add(str(key), str(case), f"{FLOW}.{name}", kind, "DONE", created, done, "start")
            if name != "start":
                self.previous.add(str(key), str(key), str(key - 1))
        for rank, name in enumerate(story.tasks, start=1):
            task = str(key + rank)
            self.tasks.add(task, str(case), f"{FLOW}.{name}", "HUMAN", "NEW", opened, NULL, "start")
            self.previous.add(task, task, str(key))
            self.work_items.add(
                task, str(case), task, name, str(town.authority), town.insee, ROLES[name], self._owner(name, place, officer),
                day(self._legal_date(story)), opened, "{}", *(facts[name] for name in self.kept),
            )  # fmt: skip

    def _facts(self, place: int, story: Story, town: Town, officer: Any) -> dict[str, str]:
        declared = self.plan.declared[place]
        return {
            "zone_id": str(town.zones[declared]),
            "regime": Regime.DML if declared else Regime.APML,
            "state": story.state,
            "officer_id": str(officer[0]) if officer else NULL,
            "received_on": day(story.received),
            "number": self._number(place, town),
        }

    def _number(self, place: int, town: Town) -> str:
        regime = Regime.DML if self.plan.declared[place] else Regime.APML
        year = self.plan.received_on(place).year % 100
        return f"{regime} {numbering.commune_code(town.insee)} {year:02d} {self.plan.ranks[place]:05d}"

    def _owner(self, name: str, place: int, officer: Any) -> str:
        if name == "visit_dwelling":
            return str(self.plan.slots[place][0])
        return str(officer[0]) if officer and ROLES[name] == "officer" else NULL

    def _legal_date(self, story: Story) -> date | None:
        if story.receipt_due:
            return story.receipt_due
        if story.state == State.GRANTED_CONDITIONAL:
            return story.term if any(work != ConditionState.MET for work in story.works) else None
        return self._tacit(story) if story.state in State.clock_running() else None

    def _files(self, case: int, story: Story, officer: Any) -> None:
        """One file that holds every piece, read by nobody yet or accepted; its bytes do not exist."""
        checked = story.state != State.SUBMITTED
        sha256 = hashlib.sha256(b"file %d" % case).hexdigest()
        self.scans.add(str(case), str(case), "bench", sha256, FileState.CLEAN)
        self.files.add(
            str(case),
            str(case),
            FilePurpose.DEPOSITED,
            sha256,
            FileState.CLEAN,
            "12",
            "diagnostics.pdf",
            "application/pdf",
            "812345",
            NULL,
        )
        for position, kind in enumerate(PIECES):
            pending = not checked or (story.answered_late and kind == PieceKind.DPE)
            self.pieces.add(
                str(case * MANY + position), str(case), kind, str(case), day(story.received), day(story.received - timedelta(days=40)),
                Verdict.PENDING if pending else Verdict.ACCEPTED, NULL if pending or not officer else str(officer[0]),
            )  # fmt: skip


_ENDS = {
    State.WITHDRAWN: Event.WITHDRAWN,
    State.OUT_OF_SCOPE: Event.OUT_OF_SCOPE,
    State.CLOSED_INCOMPLETE: Event.CLOSED_INCOMPLETE,
    State.EXPIRED: Event.EXPIRED,
}


def _at(on: date, *, minute: int = 0) -> str:
    """An instant of that day, at nine in universal time."""
    return f"{on.isoformat()} 09:{minute:02d}:00+00"


# The same words come back in thousands of cases.
_folded = cache(fold)


@cache
def _street(name: str) -> str:
    """The street as the keys of addresses spell it."""
    return addresses.parse(f"1 {name}").street
