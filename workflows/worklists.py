"""Worklists: what each person has to do next, by legal date, from the rows that the actions keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import QueryDict

from accounts.enums import Role
from accounts.models import User
from documents.french import typeset
from permis import search
from permis.enums import ConditionState, State
from permis.models import PrescribedWork
from territories.models import Commune
from workflows.models import WorkItem, WorkItemQuerySet

PAGE = 25
# Who follows a case, in the address of the page: oneself, nobody, or the key of a person.
MINE, NOBODY = "moi", "personne"
SOON = timedelta(days=5)
NODES = {
    "check_pieces": "Vérifier les pièces",
    "provide_pieces": "Pièces attendues du bailleur",
    "check_answer": "Vérifier les pièces reçues",
    "plan_visit": "Planifier la visite",
    "visit_dwelling": "Faire la visite",
    "draft_decision": "Préparer la décision",
    "visa_decision": "Viser le projet",
    "sign_decision": "Signer",
    "notify_decision": "Notifier la décision",
    "check_works": "Vérifier les travaux",
    "lift_conditions": "Lever les conditions",
}
# Tabs: key, word, condition; « soon » is the only one that alarms.
TABS = (
    ("", "Tous", Q()),
    ("check", "À vérifier", Q(node__in=["check_pieces", "check_answer"])),
    ("soon", "Échéance ≤ 5 j", None),
    ("plan", "Visites à planifier", Q(node="plan_visit")),
    ("visit", "Visites prévues", Q(node="visit_dwelling")),
    ("pieces", "Pièces attendues", Q(node="provide_pieces")),
    ("draft", "À décider", Q(node="draft_decision")),
    ("sign", "À signer", Q(node__in=["visa_decision", "sign_decision"])),
    ("notify", "À notifier", Q(node="notify_decision")),
    ("works", "Travaux", Q(node__in=["check_works", "lift_conditions"])),
)
# What an empty tab means, in words.
NOTHING_LEFT = {
    "": "Aucune tâche n’est ouverte",
    "check": "Toutes les pièces reçues sont vérifiées",
    "soon": "Aucune échéance dans les cinq jours",
    "plan": "Toutes les visites sont planifiées",
    "visit": "Aucune visite n’est prévue",
    "pieces": "Aucune pièce n’est attendue",
    "draft": "Toutes les décisions sont préparées",
    "sign": "Rien n’attend de signature",
    "notify": "Toutes les décisions sont notifiées",
    "works": "Aucuns travaux ne sont à vérifier",
}


@dataclass(frozen=True)
class Filters:
    """What the address of the page asks for; anything unknown is left aside."""

    tab: str = ""
    text: str = ""
    commune: str = ""
    state: str = ""
    owner: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str] | QueryDict) -> Filters:
        tab = query.get("file", "")
        state, owner = query.get("etat", ""), query.get("suivi", "")
        return cls(
            tab=tab if tab in {key for key, _, _ in TABS} else "",
            text=query.get("q", "").strip()[:100],
            commune=query.get("commune", "")[:5],
            state=state if state in State.values else "",
            owner=owner if owner in (MINE, NOBODY) or (owner.isdecimal() and len(owner) < 10) else "",
        )

    def url(self, **changes: str | int) -> str:
        """The same page with something changed, as a query string."""
        values = {
            "file": self.tab,
            "q": self.text,
            "commune": self.commune,
            "etat": self.state,
            "suivi": self.owner,
        }
        return "?" + urlencode({key: value for key, value in (values | changes).items() if value})

    def chosen(self, *, communes: Iterable[Commune], people: Iterable[User]) -> list[Chosen]:
        """Each filter that narrows the list, in words, with the address of the page without it; the tab is not one."""
        commune = next((each.name for each in communes if each.pk == self.commune), self.commune)
        owner = {MINE: "moi", NOBODY: "personne"}.get(self.owner) or next(
            (person.full_name for person in people if str(person.pk) == self.owner), "une personne inconnue"
        )
        found = [
            (self.text, "q", f"Recherche : {self.text}"),
            (self.commune, "commune", f"Commune : {commune}"),
            (self.state, "etat", f"État : {State(self.state).label.lower()}" if self.state else ""),
            (self.owner, "suivi", f"Suivi par : {owner}"),
        ]
        return [Chosen(typeset(words), self.url(**{name: ""})) for value, name, words in found if value]

    @property
    def without(self) -> str:
        """The address of the same tab with every filter removed."""
        return Filters(tab=self.tab).url()


@dataclass(frozen=True)
class Chosen:
    """One active filter, and the way out of it."""

    label: str
    url: str


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int
    url: str
    is_current: bool
    is_alarm: bool


@dataclass(frozen=True)
class Page:
    rows: Sequence[WorkItem]
    next_url: str


def tabs(user: User, filters: Filters, *, today: date) -> list[Tab]:
    """Every tab with its exact count, in one query; the filters other than the tab apply."""
    counts = {
        f"n{place}": Count("pk", filter=_condition(key, today)) if key else Count("pk") for place, (key, _, _) in enumerate(TABS)
    }
    found = _filtered(user, filters).aggregate(**counts)
    return [
        Tab(key, label, found[f"n{place}"], filters.url(file=key), key == filters.tab, key == "soon")
        for place, (key, label, _) in enumerate(TABS)
    ]


def page(user: User, filters: Filters, *, today: date, after: str = "") -> Page:
    """The rows after a key, by legal date then case; those whose clock has not started come last."""
    items = _filtered(user, filters)
    if filters.tab:
        items = items.filter(_condition(filters.tab, today))
    items = _after(items, after).order_by(F("legal_date").asc(nulls_last=True), "application_id", "pk")
    proved = PrescribedWork.objects.filter(decision__application=OuterRef("application"), state=ConditionState.PROOF_RECEIVED)
    works = PrescribedWork.objects.filter(decision__application=OuterRef("application"), due_on__lt=today)
    overdue = works.exclude(state=ConditionState.MET)
    rows = list(
        items.annotate(has_proof=Exists(proved), is_overdue=Exists(overdue))
        .select_related("application__dwelling", "application__commune", "application__authority", "owner")
        .prefetch_related("application__lessors")[: PAGE + 1]
    )
    following = filters.url(apres=_key(rows[PAGE - 1])) if len(rows) > PAGE else ""
    return Page(rows[:PAGE], following)


def nearest(user: User) -> WorkItem | None:
    """The open task whose legal date comes first."""
    dated = WorkItem.objects.visible_to(user).filter(legal_date__isnull=False)
    return dated.select_related("application").order_by("legal_date", "application_id").first()


def label(item: WorkItem) -> str:
    """What there is to do; works past their term come first, then a proof that came in, then those still waited for."""
    if item.node == "check_works" and item.is_overdue:  # type: ignore[attr-defined]  # annotated by `page`
        return "Constater des travaux en retard"
    if item.node == "check_works" and item.has_proof:  # type: ignore[attr-defined]  # annotated by `page`
        return "Vérifier une preuve de travaux"
    return NODES[item.node]


def people(authorities: set[int]) -> list[User]:
    """Who may follow a case of these authorities."""
    follow = User.objects.filter(
        is_active=True, memberships__authority__in=authorities, memberships__role__in=[Role.OFFICER, Role.MANAGER]
    )
    return list(follow.distinct().order_by("last_name", "first_name", "pk"))


def _filtered(user: User, filters: Filters) -> WorkItemQuerySet:
    items = WorkItem.objects.visible_to(user)
    if filters.text:
        items = items.filter(application__in=search.holding(filters.text, user))
    if filters.commune:
        items = items.filter(commune=filters.commune)
    if filters.state:
        items = items.filter(application__state=filters.state)
    if filters.owner == NOBODY:
        return items.filter(owner=None)
    if filters.owner:
        items = items.filter(owner=user.pk if filters.owner == MINE else int(filters.owner))
    return items


def _condition(key: str, today: date) -> Q:
    if key == "soon":
        return Q(legal_date__lte=today + SOON)
    return next(condition for name, _, condition in TABS if name == key and condition is not None)


def _key(item: WorkItem) -> str:
    return f"{item.legal_date.isoformat() if item.legal_date else ''}_{item.application_id}_{item.pk}"


def _after(items: WorkItemQuerySet, key: str) -> WorkItemQuerySet:
    """Rows that follow a key; a key that cannot be read starts again from the top."""
    try:
        day_text, application, pk = key.split("_")
        day = date.fromisoformat(day_text) if day_text else None
        later = Q(application_id__gt=int(application)) | Q(application_id=int(application), pk__gt=int(pk))
    except ValueError:
        return items
    if day is None:
        return items.filter(legal_date__isnull=True).filter(later)
    return items.filter(Q(legal_date__gt=day) | Q(legal_date__isnull=True) | Q(legal_date=day) & later)
