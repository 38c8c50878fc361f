"""What the search box and its page show: the cases, why each of them answers, and what may have been meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse

from accounts.models import User
from documents.french import typeset
from permis import permissions, scope, search, words
from permis.enums import Side, State, TransferState
from permis.models import Application, TransferParty
from permis.search import Found
from permis.words import Question
from workflows.presentation import Badge

PAGE = 25
# What the box suggests: in all, places and people among them, and the cases that these are looked for in.
SUGGESTED, GROUPED, LOOKED_AT = 8, 2, 30
# Under so many answers, what may have been meant is shown too.
FEW = 5
SHORTEST = 2
_HELD = [*State.authorising(), State.USED, State.RECEIPTED]
# Key in the address, word, states.
GROUPS: Sequence[tuple[str, str, Sequence[State]]] = (
    ("", "Tous", ()),
    ("en-cours", "En cours", State.open()),
    ("autorises", "Autorisés ou déclarés", _HELD),
    ("clos", "Refusés, retirés ou clos", [state for state in State if state not in (*State.open(), *_HELD, State.DRAFT)]),
)
# Facts of which a part that was typed marks the whole.
_WHOLE = ("SIRET", "SIREN", "Téléphone")
# What a line shows or marks of a case; the rest of these wide rows is left where it is.
_READ = (
    *("state", "regime", "respond_by", "number", "authority_id", "applicant_id", "organisation__name", "organisation__siren"),
    *("commune__name", "agent__name", "agent__email", "agent__phone", "dwelling__dpe_number", "dwelling__address_key"),
    *(f"dwelling__{name}" for name in ("address", "complement", "building", "staircase", "floor", "door", "postcode")),
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Span:
    """A piece of text, and whether it is what was looked for."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True)
class Reason:
    """Something of the case that answers and that its line does not show: « Téléphone », then the number."""

    label: str
    spans: Sequence[Span]


@dataclass(frozen=True)
class Row:
    """One case that answers."""

    url: str
    number: Sequence[Span]
    place: Sequence[Span]
    people: Sequence[Span]
    reasons: Sequence[Reason]
    badge: Badge


@dataclass(frozen=True)
class Group:
    """Something that several of the cases found share: an address, a person."""

    label: str
    spans: Sequence[Span]
    url: str


@dataclass(frozen=True)
class Suggestions:
    rows: Sequence[Row]
    places: Sequence[Group]
    people: Sequence[Group]
    near: Sequence[Row]

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.places) + len(self.people) + len(self.near)


@dataclass(frozen=True)
class Results:
    """A page of cases; ``total`` is None where they are too many to be counted, ``next_url`` empty on the last page."""

    rows: Sequence[Row]
    total: int | None
    near: Sequence[Row]
    next_url: str


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks for; anything unknown is left aside."""

    text: str = ""
    group: str = ""
    before: int | None = None

    @classmethod
    def of(cls, query: dict[str, str]) -> Asked:
        group, before = query.get("etat", ""), query.get("avant", "")
        return cls(
            text=" ".join(query.get("q", "")[: words.LONGEST_QUESTION].split()),
            group=group if group in {key for key, _, _ in GROUPS} else "",
            before=int(before) if before.isdecimal() and len(before) < 16 else None,
        )

    @property
    def states(self) -> Sequence[State]:
        return next(states for key, _, states in GROUPS if key == self.group)

    @property
    def groups(self) -> list[tuple[str, str, bool]]:
        """Word, address and whether it is the one shown."""
        return [(label, _url(q=self.text, etat=key), key == self.group) for key, label, _ in GROUPS]

    @property
    def first_url(self) -> str:
        """The first page of the same question."""
        return _url(q=self.text, etat=self.group)

    @property
    def url_of_all(self) -> str:
        """The same question, in any state."""
        return _url(q=self.text)


def results(asked: Asked, user: User) -> Results:
    """A page of the cases that answer; on the first one, few of them bring what may have been meant."""
    question = Question.of(asked.text)
    found = search.find(question, user, limit=PAGE + 1, before=asked.before, states=asked.states)
    shown = found.keys[:PAGE]
    following = _url(q=asked.text, etat=asked.group, avant=shown[-1]) if len(found.keys) > PAGE else ""
    near: Sequence[Row] = []
    if len(found.keys) < FEW and asked.before is None:
        near = _near(question, user, known=found, limit=PAGE, states=asked.states)
    return Results(_rows(shown, question, user), found.total, near, following)


def suggestions(text: str, user: User) -> Suggestions:
    """At most eight: addresses and people that several cases share, then cases; what may have been meant where they are few."""
    question = Question.of(text)
    if len(question.text) < SHORTEST:
        return Suggestions([], [], [], [])
    found = search.find(question, user, limit=LOOKED_AT)
    cases = _cases(found.keys, user)
    places, people = _places(cases, question, user)[:GROUPED], _people(cases, question)[:GROUPED]
    rows = [_row(case, question, user) for case in cases[: SUGGESTED - len(places) - len(people)]]
    left = SUGGESTED - len(places) - len(people) - len(rows)
    near = _near(question, user, known=found, limit=left) if len(found.keys) < FEW else []
    return Suggestions(rows, places, people, near)


def case_named(text: str, user: User) -> Application | None:
    """The case whose whole number was typed, where the person may see it."""
    number = Question.of(text).number
    return Application.objects.visible_to(user).filter(number=number).first() if number else None


def url_of(case: Application, user: User) -> str:
    """The page of a case for this person: that of the service, or that of who filed it."""
    return reverse("application", args=[case.pk]) if _is_only_own(case, user) else case.get_absolute_url()


def marked(text: str, question: Question) -> list[Span]:
    """A text whose words that were looked for are marked."""
    spans, end = [], 0
    for found in _WORD.finditer(text):
        if question.touches(words.kept(found[0])):
            spans += [Span(text[end : found.start()]), Span(found[0], is_hit=True)]
            end = found.end()
    return [span for span in (*spans, Span(text[end:])) if span.text]


def _near(question: Question, user: User, *, known: Found, limit: int, states: Sequence[State] = ()) -> list[Row]:
    """The cases that answer with one letter changed in each word, without those known already."""
    meant = search.with_errors(question)
    if meant is None:
        return []
    found = search.find(meant, user, limit=limit + len(known.keys), states=states)
    return _rows([key for key in found.keys if key not in known.keys][:limit], meant, user)


def _rows(keys: Iterable[int], question: Question, user: User) -> list[Row]:
    return [_row(case, question, user) for case in _cases(keys, user)]


def _cases(keys: Iterable[int], user: User) -> list[Application]:
    """Read again through what the person may see: the index alone opens nothing."""
    former = TransferParty.objects.filter(side=Side.FORMER, transfer__state=TransferState.EFFECTIVE).order_by("position")
    found = Application.objects.visible_to(user).filter(pk__in=list(keys))
    return list(
        found.select_related("commune", "dwelling", "agent", "organisation")
        .prefetch_related("lessors", "transfers", Prefetch("transfers__parties", queryset=former))
        .only(*_READ)
        .order_by("-pk")
    )


def _row(case: Application, question: Question, user: User) -> Row:
    place = f"{case.dwelling.street_line}, {case.dwelling.postcode} {case.commune.name}"
    owners = sorted(case.lessors.all(), key=lambda each: each.position)
    named = [each.name for each in owners if question.touches(words.kept(each.name))] or [each.name for each in owners[:1]]
    others = len(owners) - len(named)
    people = ", ".join(named) + (f" et {others} autre{'s' if others > 1 else ''}" if others else "")
    return Row(
        url=url_of(case, user),
        # A part of it that was typed marks it whole.
        number=[Span(str(case.number), question.touches(words.of_number(str(case.number))))],
        place=marked(place, question),
        people=marked(people, question),
        reasons=_reasons(case, question, shown=words.of_number(str(case.number)) | words.kept(f"{place} {people}")),
        badge=Badge.of_case(case, for_landlord=_is_only_own(case, user)),
    )


def _reasons(case: Application, question: Question, *, shown: set[str]) -> list[Reason]:
    """What else of the case answers, for the words that its line does not hold."""
    unseen = [term for term in question.terms if not term.is_in(shown)]
    if not unseen:
        return []
    only = Question(question.text, tuple(unseen))
    facts = [("DPE", case.dwelling.dpe_number)]
    for owner in case.lessors.all():
        facts += [("Bailleur", owner.name), ("SIRET", owner.siret), ("Courriel", owner.email), ("Téléphone", owner.phone)]
    if (agent := getattr(case, "agent", None)) is not None:
        facts += [("Mandataire", agent.name), ("Courriel", agent.email), ("Téléphone", agent.phone)]
    if case.organisation is not None:
        facts += [("Mandataire", case.organisation.name), ("SIREN", case.organisation.siren)]
    for transfer in case.transfers.all():
        facts += [("Ancien mandataire", transfer.former_agent)]
        facts += [("Ancien titulaire", party.name) for party in transfer.parties.all()]
    return [Reason(label, spans) for label, text in dict.fromkeys(facts) if text and (spans := _answering(label, text, only))]


def _answering(label: str, text: str, question: Question) -> list[Span]:
    """A fact of the case marked where it answers, nothing where it does not; a number, an electronic address are marked whole."""
    if (label in _WHOLE and question.touches([words.phone(text)])) or (
        label == "Courriel" and question.touches([words.mail(text)])
    ):
        return [Span(text, is_hit=True)]
    spans = marked(text, question)
    return spans if any(span.is_hit for span in spans) else []


def _places(cases: Sequence[Application], question: Question, user: User) -> list[Group]:
    """The addresses that answer by themselves, where several cases stand; the page of the address for the service."""
    count = Counter(case.dwelling.address_key for case in cases)
    known: dict[str, Group] = {}
    for case in cases:
        key, text = case.dwelling.address_key, f"{case.dwelling.address}, {case.commune.name}"
        if not key or key in known or count[key] < 2 or not question.is_in(words.kept(f"{text} {case.dwelling.postcode}")):
            continue
        reads = case.authority_id in scope.reading(user)
        known[key] = Group(text, marked(text, question), reverse("address", args=[key]) if reads else _url(q=text))
    return list(known.values())


def _people(cases: Sequence[Application], question: Question) -> list[Group]:
    """The owners and agents who answer by themselves, in several cases."""
    count: Counter[str] = Counter()
    for case in cases:
        agent = getattr(case, "agent", None)
        count.update({each.name for each in case.lessors.all()} | ({agent.name} if agent is not None else set()))
    names = [name for name, cases_of in count.most_common() if cases_of > 1 and question.is_in(words.kept(name))]
    return [Group(name, marked(name, question), _url(q=name)) for name in names]


def _is_only_own(case: Application, user: User) -> bool:
    """Whether the person reads the case as who filed it, and not as the service: a decision shows once it is notified."""
    return case.authority_id not in scope.reading(user) and permissions.is_applicant(case, user)


def _url(**query: object) -> str:
    return reverse("search") + "?" + urlencode({key: value for key, value in query.items() if value})


def summary(found: Results, asked: Asked) -> str:
    """How many cases answer, in words; told once, since a page that follows counts those that are left."""
    if asked.before is not None:
        return "La suite des dossiers"
    if found.total is None:
        return typeset("De nombreux dossiers répondent, voici les plus récents : ajoutez un mot, un nom ou une rue.")
    if found.total == 0:
        return "Aucun dossier ne contient tous ces mots."
    return "1 dossier" if found.total == 1 else typeset(f"{found.total} dossiers, les plus récents d’abord")
