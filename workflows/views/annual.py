"""The annual report: on a screen that prints, as a PDF, as a CSV; frozen once it was transmitted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from documents import rendering
from documents.content import Chart
from documents.wording import slips
from notifications import exports
from territories.models import Delegation
from workflows import drafting
from workflows.statistics import annual, board, charts
from workflows.statistics.annual import AnnualReport
from workflows.views.dashboard import FiguresView
from workflows.views.downloads import download

FIRST_YEAR = 2017
OFFERED_YEARS = 6


def years_until(today: date) -> range:
    """The years that a page offers, the present one first."""
    return range(today.year, max(FIRST_YEAR, today.year - OFFERED_YEARS + 1) - 1, -1)


class AnnualReportView(FiguresView):
    """Écran « Rapport annuel »."""

    template_name = "workflows/annual_report.html"

    def prepare(self) -> None:
        self.authority = self.chosen_authority()
        self.today = self.authority.today()
        if not FIRST_YEAR <= self.kwargs["year"] <= self.today.year:
            raise Http404

    def report(self) -> AnnualReport:
        """As it was sent to the EPCI, if it was; else as it stands today."""
        self.sent = annual.transmitted(self.authority, year=self.kwargs["year"])
        if self.sent is not None:
            return AnnualReport.from_data(self.sent.payload)
        return annual.of(self.authority, year=self.kwargs["year"], on=self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = self.report()
        held = Delegation.objects.filter(delegate=self.authority).select_related("epci").order_by("-starts_on").first()
        return super().get_context_data(
            report=report,
            sections=[(part.title, part.rows) for part in report.sections],
            sent=self.sent,
            authority=self.authority,
            authorities=self.authorities,
            epci=held.epci if held is not None else None,
            years=years_until(self.today),
            is_running=report.year == self.today.year,
            **kwargs,
        )


class AnnualReportFileView(AnnualReportView):
    """Le rapport en PDF ou en CSV."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        report, year, form = self.report(), self.kwargs["year"], self.kwargs["form"]
        if form not in ("csv", "pdf"):
            raise Http404
        if form == "csv":
            lines = [
                {"rubrique": part.title, "indicateur": label, "valeur": value}
                for part in report.sections
                for label, value in part.rows
            ]
            return download(exports.table(("rubrique", "indicateur", "valeur"), lines), f"rapport-annuel-{year}.csv", exports.CSV)
        content = slips.annual_report(
            drafting.issuer_of(self.authority),
            year=year,
            report=[(part.title, part.rows) for part in report.sections],
            on=report.drawn_on,
            summary=report.summary,
            chart=Chart("chart", charts.described(report.months), charts.months(report.months)) if report.months else None,
            definitions=board.definitions(),
        )
        return download(rendering.render(content.as_data()), f"rapport-annuel-{year}.pdf", exports.PDF)
