"""What a case is found by: its words under the key of the authority that reads it, and the vocabulary for typing errors."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Lookup

from permis.models.application import Application
from territories.models import Authority


@SearchVectorField.register_lookup
class Answers(Lookup):
    """``document__answers="'17/gare'"``: the question goes as it is, no parser of the server cuts it again."""

    lookup_name = "answers"

    def get_prep_lookup(self) -> str:
        return str(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        document, document_params = self.process_lhs(compiler, connection)
        question, question_params = self.process_rhs(compiler, connection)
        return f"{document} @@ {question}::tsquery", (*document_params, *question_params)


class CaseIndex(models.Model):
    """A filed case as the search reads it, kept in the transaction that changes it (`permis.indexing.keep`).

    Each word bears the key of the authority, « 17/gare »: the index of « gare » for a town holds the cases of that town alone,
    so that the search of a small town never reads what the others have, and shows nothing of it.
    """

    application = models.OneToOneField(
        Application, models.CASCADE, primary_key=True, related_name="index", verbose_name="dossier"
    )
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+", db_index=False, verbose_name="collectivité")
    document = SearchVectorField("mots")

    class Meta:
        verbose_name = "index d’un dossier"
        verbose_name_plural = "index des dossiers"
        indexes = [
            # Cases are filed now and then, and searched all day: nothing waits in a list that each search would read through.
            GinIndex(fields=["document"], name="case_words", fastupdate=False),
            # By the opposite of the key, which no other index is sorted by: the planner cannot walk through the cases of others.
            models.Index(F("authority"), F("application") * -1, name="case_words_recent"),
        ]

    def __str__(self) -> str:
        return str(self.application)


class WordVariant(models.Model):
    """A word of the cases, or that word without one of its letters: two words one letter apart share one of these.

    The words of all authorities together: a search takes from them what may have been meant, and finds it only in the cases of
    the person who asks. A word that no case bears any more is forgotten (`permis.indexing.forget_words`).
    """

    pk = models.CompositePrimaryKey("variant", "word")
    variant = models.CharField("variante", max_length=40)
    word = models.CharField("mot", max_length=40)

    class Meta:
        verbose_name = "variante d’un mot"
        verbose_name_plural = "variantes des mots"

    def __str__(self) -> str:
        return f"{self.variant} ({self.word})"
