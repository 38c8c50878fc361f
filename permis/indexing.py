"""The index of the cases: kept by the actions in their own transaction, compared with the cases and mended by `reindex`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F, Prefetch, QuerySet

from permis import words
from permis.enums import Side, State, TransferState
from permis.models import Application, CaseIndex, TransferParty, WordVariant

# Rows of one INSERT, and words of one DELETE; a word has some ten variants.
_ROWS, _WORDS = 5_000, 500
# What `words_of` reads of a case; the rest of these wide rows is left where it is.
_READ = (
    *("state", "authority_id", "number", "commune__name", "organisation__name", "organisation__siren"),
    *(
        f"dwelling__{name}"
        for name in ("address", "complement", "building", "staircase", "floor", "door", "postcode", "dpe_number")
    ),
    *(f"agent__{name}" for name in ("name", "email", "phone")),
)
_GONE = """
    WITH borne AS MATERIALIZED (SELECT DISTINCT split_part(lexeme, '/', 2) AS word FROM permis_caseindex, unnest(document))
    SELECT known.word FROM permis_wordvariant AS known LEFT JOIN borne USING (word)
    WHERE known.variant = known.word AND borne.word IS NULL ORDER BY known.word
"""


@dataclass
class Compared:
    """What a comparison found: cases read, those whose words were wrong, words of the vocabulary that were missing."""

    cases: int = 0
    wrong: int = 0
    words: int = 0

    def __iadd__(self, other: Compared) -> Compared:
        self.cases, self.wrong, self.words = self.cases + other.cases, self.wrong + other.wrong, self.words + other.words
        return self


def keep(application: Application) -> None:
    """Write what a case is found by from now on; for an action that gave it other people or another authority.

    Inside the transaction of the action, with the case locked: what rolls back leaves nothing in the index.
    """
    _write(_with_words(Application.objects.filter(pk=application.pk)))


def keep_filed(application: Application) -> None:
    """The same of a case that is being filed, by what its sheet in hand says: nobody has held its permit before."""
    _write([application])


def words_of(application: Application) -> set[str]:
    """Number, place, dwelling, owners and agent, those who held the permit before too; no civility, no postal address."""
    found = words.of_number(application.number or "") | words.kept(application.commune.name) | {application.commune.insee}
    dwelling, agent = getattr(application, "dwelling", None), getattr(application, "agent", None)
    if dwelling is not None:
        found |= words.kept(f"{dwelling.street_line} {dwelling.postcode} {dwelling.dpe_number}")
    for lessor in application.lessors.all():
        found |= words.kept(f"{lessor.first_name} {lessor.last_name} {lessor.company}")
        found |= _ways_to_reach(lessor.email, lessor.phone) | {words.digits(lessor.siret)}
    if agent is not None:
        found |= words.kept(agent.name) | _ways_to_reach(agent.email, agent.phone)
    if application.organisation is not None:
        found |= words.kept(application.organisation.name) | {application.organisation.siren}
    for transfer in application.transfers.all():
        found |= words.kept(transfer.former_agent)
        for party in transfer.parties.all():
            found |= words.kept(f"{party.first_name} {party.last_name} {party.company}")
    return found - {""}


def row_of(case: Application) -> CaseIndex:
    """The index of a case, not saved."""
    return CaseIndex(application=case, authority_id=case.authority_id, document=_document(_lexemes(case)))


def compare(first: int, last: int, *, mend: bool) -> Compared:
    """The filed cases of these keys against their index, and against the vocabulary; mended one by one under their lock."""
    cases = list(_with_words(Application.objects.filter(pk__range=(first, last)).order_by("pk")))
    known = dict(CaseIndex.objects.filter(pk__gte=first, pk__lte=last).values_list("pk", "document"))
    wanted = {case.pk: _lexemes(case) for case in cases}
    wrong = [
        pk for pk, lexemes in wanted.items() if pk not in known or set(known[pk].split()) != {f"'{word}'" for word in lexemes}
    ]
    orphans = known.keys() - wanted.keys()
    missing = _unknown_words(wanted.values())
    if mend:
        # Asked again: a draft that was filed since the cases were read has written its index meanwhile.
        CaseIndex.objects.filter(pk__in=orphans, application__state=State.DRAFT).delete()
        _learn(missing)
        with transaction.atomic():
            locked = list(Application.objects.filter(pk__in=wrong).order_by("pk").select_for_update(of=("self",), no_key=True))
            _write(_with_words(Application.objects.filter(pk__in=[case.pk for case in locked])))
    return Compared(len(cases), len(wrong) + len(orphans), len(missing))


def forget_words() -> int:
    """Take away the words of the vocabulary that no case bears any more: a name leaves with its last case. Their number.

    One that comes back in a transaction still open is learnt again by the next `reindex`.
    """
    gone = words_gone()
    for start in range(0, len(gone), _WORDS):
        some = gone[start : start + _WORDS]
        variants = {variant for word in some for variant in words.deletions(word)}
        WordVariant.objects.filter(variant__in=variants, word__in=some).delete()
    return len(gone)


def words_gone() -> list[str]:
    """The words of the vocabulary that no case bears."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE)
        return [word for (word,) in cursor.fetchall()]


def _with_words(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Filed cases with all that `words_of` reads, in a fixed number of queries."""
    former = TransferParty.objects.filter(side=Side.FORMER, transfer__state=TransferState.EFFECTIVE)
    return (
        cases.exclude(state=State.DRAFT)
        .select_related("commune", "dwelling", "agent", "organisation")
        .prefetch_related("lessors", "transfers", Prefetch("transfers__parties", queryset=former))
        .only(*_READ)
    )


def _ways_to_reach(email: str, phone: str) -> set[str]:
    return words.kept(email.partition("@")[0]) | {words.mail(email), words.phone(phone)}


def _lexemes(case: Application) -> set[str]:
    return {words.scoped(case.authority_id, word) for word in words_of(case)}


def _write(cases: Iterable[Application]) -> None:
    rows = [row_of(case) for case in cases]
    CaseIndex.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["application"], update_fields=["authority", "document"]
    )
    _learn(_unknown_words([word.strip("'") for word in row.document.split()] for row in rows))


def _document(lexemes: set[str]) -> str:
    """A tsvector as PostgreSQL writes it; no word holds a quote, a backslash or a space (`permis.words`)."""
    return " ".join(f"'{word}'" for word in sorted(lexemes))


def _unknown_words(documents: Iterable[Iterable[str]]) -> list[str]:
    """Their words that the vocabulary lacks, in order: two transactions that learn the same ones wait, and never for each other."""
    found = words.for_errors({lexeme.partition("/")[2] for lexemes in documents for lexeme in lexemes})
    if not found:
        return []
    known = WordVariant.objects.filter(variant__in=found, word=F("variant")).values_list("word", flat=True)
    return sorted(found.difference(known))


def _learn(new: Sequence[str]) -> None:
    variants = [WordVariant(variant=variant, word=word) for word in new for variant in sorted(words.deletions(word))]
    WordVariant.objects.bulk_create(variants, batch_size=_ROWS, ignore_conflicts=True)
