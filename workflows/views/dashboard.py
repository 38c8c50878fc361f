"""Figures for managers and elected members, and the cases behind each of them for those who may open them."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.enums import Role
from documents.french import day, listing
from permis.models import Application
from territories.models import Authority, Commune, Delegation
from territories.text import row_key
from workflows import ledger
from workflows.presentation import ClockChip
from workflows.statistics import behind, beside, board, figures, period, sanctions, workload
from workflows.statistics.measures import REPEATED, Measure
from workflows.statistics.period import Period
from workflows.views.screens import RoleScreen

# So many communes side by side at the most.
BESIDE = 3


class FiguresView(RoleScreen, TemplateView):
    """The figures of the authorities that a manager or an elected member answers for."""

    roles = (Role.MANAGER, Role.ELECTED)

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.authorities = self.served
        self.prepare()
        return super().respond(request, *args, **kwargs)

    def prepare(self) -> None:
        """What a page reads of its address once the person may open it. Raises Http404."""

    def named_authority(self) -> Authority | None:
        """The one that the address names among them."""
        named = row_key(self.request.GET.get("collectivite", ""))
        return next((each for each in self.authorities if each.pk == named), None)

    def chosen_authority(self) -> Authority:
        """The one that the address names, else the first."""
        return self.named_authority() or self.authorities[0]

    def named_commune(self) -> Commune | None:
        """The one that the address names."""
        return Commune.objects.filter(pk=self.request.GET.get("commune", "")[:5]).first()

    @property
    def keys(self) -> set[int]:
        return {authority.pk for authority in self.authorities}


class DashboardView(FiguresView):
    """Écran « Tableau de bord » : la collectivité ou l’une de ses communes, sur une période, et une autre qui l’a précédée.

    Who answers for several authorities reads them together, unless the address names one.
    """

    template_name = "workflows/dashboard.html"

    def prepare(self) -> None:
        self.offered, self.authority = self.authorities, self.named_authority()
        if self.authority is not None:
            self.authorities = [self.authority]
        self.today = self.authorities[0].today()
        self.period = Period.asked(self.request.GET.get("periode", ""), today=self.today)
        self.against = self.period.compared(self.request.GET.get("comparer", ""))
        self.commune: Commune | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.commune is None and (insee := request.GET.get("commune", "")):
            commune = get_object_or_404(Commune, pk=insee[:5])
            return redirect(f"{reverse('dashboard-commune', args=[commune.pk])}?{self.kept}")
        return self.render_to_response(self.get_context_data(found=self.read(), **kwargs))

    @property
    def kept(self) -> str:
        """The period, what it is compared with and the authority, for the addresses of the pages that this one leads to."""
        return urlencode(
            {"periode": self.period.key} | ({} if self.against.is_usual else {"comparer": self.against.back}) | self.named
        )

    @property
    def named(self) -> dict[str, int]:
        """The authority that the address names, as an address has it."""
        return {} if self.authority is None else {"collectivite": self.authority.pk}

    def reporting(self) -> Authority | None:
        """The authority whose report and sheet the page leads to: on the page of a commune, the one that received most requests there."""
        if self.authority is not None or self.commune is None or len(self.authorities) == 1:
            return self.authority
        most = figures.receiving_most(self.keys, self.commune.pk)
        return next((each for each in self.authorities if each.pk == most), None)

    def read(self) -> figures.Read:
        insee = self.commune.pk if self.commune else ""
        return figures.read(self.keys, self.period, today=self.today, commune=insee, against=self.against)

    def entrusted(self, found: figures.Read) -> Delegation | None:
        """By which another authority receives what is asked for in the commune of this page, where nothing is counted here."""
        if self.commune is None or found.total.counts:
            return None
        given = (
            Delegation.objects.in_force(self.today)
            .filter(commune=self.commune, epci__in=self.keys)
            .exclude(delegate__in=self.keys)
        )
        return given.select_related("delegate").order_by("starts_on").first()

    def elsewhere(self, authority: Authority | None) -> str:
        """The same page of one authority, or of all of them together."""
        asked = dict(parse_qsl(self.kept)) | {"collectivite": str(authority.pk) if authority else ""}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def names(self, busy: set[str]) -> list[Commune]:
        """The communes of these authorities, and those where they had something to do, by name."""
        of_them = Q(epci_siren__in=[authority.siren for authority in self.authorities])
        return list(Commune.objects.filter(of_them | Q(pk__in=busy)).order_by("sort_key", "pk"))

    def fines(self) -> sanctions.Year | None:
        """Those of the year in which the period ends, of the whole authority: the page of a commune shows none."""
        if self.commune is not None:
            return None
        return next((each for each in sanctions.by_year(self.keys) if each.year == self.period.end.year), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = kwargs["found"]
        reading = self.request.user.authorities_as(*Role.reading_cases())
        managed = self.request.user.authorities_as(Role.MANAGER) & self.keys
        links = board.Links(
            self.keys <= reading, self.period, self.commune.pk if self.commune else "", self.against, urlencode(self.named)
        )
        late = ledger.late_by_commune(self.request.user, managed, today=self.today)
        communes = self.names({*found.communes, *late})
        chosen = set(self.request.GET.getlist("cote")[:BESIDE])
        return super().get_context_data(
            total=found.total,
            period=self.period,
            covers=self.period.in_words_until(self.today),
            is_running=self.period.is_running(self.today),
            periods=period.choices(self.today),
            against=self.against,
            comparisons=self.period.comparisons,
            kept=self.kept,
            today=self.today,
            authorities=self.authorities,
            offered=[(each.name, each == self.authority, self.elsewhere(each)) for each in self.offered]
            if len(self.offered) > 1
            else [],
            of_whom=listing([each.name for each in self.authorities]),
            together_url=self.elsewhere(None),
            named=self.named.get("collectivite"),
            reporting=self.reporting(),
            entrusted=self.entrusted(found),
            asks_beside="ensemble" in self.request.GET and not chosen,
            may_open=links.allowed,
            commune=self.commune,
            communes=communes,
            rows=[
                (each, found.communes.get(each.pk, figures.Figures()), late.get(each.pk, 0), each.pk in chosen)
                for each in communes
                if each.pk in found.communes or each.pk in late
            ],
            counts_late=bool(managed),
            late_in_communes=sum(late.values()),
            asked=parse_qsl(self.kept),
            beside=beside.table(found, [each for each in communes if each.pk in chosen]),
            tiles=board.tiles(found, links),
            now=board.today(found, links),
            months=board.months(found),
            outcomes=board.outcomes(found.total, links),
            delays=board.delays(found),
            lists=[(key, title, nothing, make(found.total, links)) for key, title, nothing, make in board.LISTS],
            definitions=board.definitions(),
            late_transmissions=late.get(self.commune.pk, 0)
            if self.commune
            else ledger.late_count(self.request.user, managed, today=self.today),
            sanctions=self.fines(),
            workload=workload.of(managed, commune=self.commune.pk if self.commune else "", today=self.today),
            **kwargs,
        )


class CommuneDashboardView(DashboardView):
    """Écran « Tableau de bord » d’une commune."""

    def prepare(self) -> None:
        super().prepare()
        self.commune = get_object_or_404(Commune, pk=self.kwargs["insee"])
        # Those of all of them: the one that is named may have nothing there.
        is_of_them = self.commune.epci_siren in {authority.siren for authority in self.offered}
        if not is_of_them and not figures.has_any({authority.pk for authority in self.offered}, self.commune.pk):
            raise Http404


class FigureCasesView(FiguresView):
    """Écran « Dossiers d’un chiffre » : ceux qu’il compte, et eux seuls."""

    template_name = "workflows/figure_cases.html"

    def prepare(self) -> None:
        readable = self.request.user.authorities_as(*Role.reading_cases())
        named = self.named_authority()
        self.authorities = [each for each in ([named] if named else self.authorities) if each.pk in readable]
        if not self.authorities:
            raise PermissionDenied
        asked = self.request.GET
        measure = asked.get("mesure", Measure.RECEIVED)
        if measure not in Measure.values:
            raise Http404
        self.measure, self.values = Measure(measure), asked.getlist("valeur")[:20]
        # What is due belongs to no month: its terms are asked in the place of a period.
        self.terms = [term for term in figures.TERMS if term in asked.getlist("terme")]
        if (self.measure in figures.DUE) != bool(self.terms):
            raise Http404
        self.today = self.authorities[0].today()
        self.period = Period.asked(asked.get("periode", ""), today=self.today)
        self.commune = self.named_commune()

    def chip(self, case: Application) -> ClockChip | None:
        """The day for which a case counts in a figure of today."""
        if self.measure == Measure.WORKS_DUE:
            term: date | None = case.works_due_on  # of `behind.due_page`
            return ClockChip.of_works(term, today=self.today) if term else None
        return ClockChip.of(case, today=self.today) if self.terms else None

    def total(self, place: str) -> int:
        if self.terms:
            return behind.due_total(self.keys, self.measure, self.terms, today=self.today, commune=place)
        return behind.total(self.keys, self.measure, self.values, self.period, commune=place)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        after = row_key(self.request.GET.get("apres", "")) or 0
        place = self.commune.pk if self.commune else ""
        if self.terms:
            page = behind.due_page(self.keys, self.measure, self.terms, today=self.today, commune=place, after=after)
        else:
            page = behind.page(self.keys, self.measure, self.values, self.period, commune=place, after=after)
        following = self.request.GET.copy()
        following["apres"] = str(page.last)
        return super().get_context_data(
            page=page,
            rows=[(case, self.chip(case)) for case in page.cases],
            title=board.name_of_due(self.measure, self.terms) if self.terms else board.name_of(self.measure, self.values),
            definition=str(self.measure.label),
            total=self.total(place),
            is_repeated=self.measure in REPEATED,
            is_due=bool(self.terms),
            period=self.period,
            covers=f"Au {day(self.today)}" if self.terms else self.period.in_words_until(self.today),
            kept=urlencode(
                {"periode": self.period.key}
                | {name: key for name in ("comparer", "collectivite") if (key := row_key(self.request.GET.get(name, "")))}
            ),
            commune=self.commune,
            following=f"?{following.urlencode()}" if page.has_more else "",
            **kwargs,
        )
