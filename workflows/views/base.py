"""The base of the screens that move a case or a sanction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from documents.acts import PreviewChanged
from documents.backends import StorageFailed
from documents.receiving import FileRefused
from documents.wording.afterlife import IncompleteAct
from documents.wording.decisions import IncompleteDecision
from permis import permissions
from permis.guards import Refusal
from permis.models import Application, Sanction
from territories.competence import NoAuthority
from territories.models import Authority
from workflows.actions.completeness import (
    AnswerTooLate,
    AnswerTooSoon,
    DossierChanged,
    NothingRequired,
    NotReadable,
    PieceChanged,
    PiecesMissing,
)
from workflows.actions.decision import WorksNotMet
from workflows.actions.declaring import NotToDeclareAgain
from workflows.actions.gathering import NotReusable, PieceSettled
from workflows.actions.intake import AddressNotProved, LeaseNotSigned, NotYetReceived, PostedAfterReception, SheetIncomplete
from workflows.actions.notification import ProofInTheFuture
from workflows.guards import TaskGone, require_task
from workflows.powers import NoSignaturePower
from workflows.presentation import Overtaken
from workflows.views.screens import FormScreen, GatedScreen

# What an action may answer to what a person asked: its message is shown above the form, nothing typed is lost.
ANSWERS = (
    AddressNotProved,
    AnswerTooLate,
    AnswerTooSoon,
    DossierChanged,
    FileRefused,
    IncompleteAct,
    IncompleteDecision,
    LeaseNotSigned,
    NoAuthority,
    NoSignaturePower,
    NotReadable,
    NotReusable,
    NotToDeclareAgain,
    NotYetReceived,
    NothingRequired,
    PieceChanged,
    PieceSettled,
    PiecesMissing,
    PostedAfterReception,
    PreviewChanged,
    ProofInTheFuture,
    Refusal,
    SheetIncomplete,
    StorageFailed,
    WorksNotMet,
)


def on_the_clocks_of(authority: Authority, respond: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer with its page already written, by the hours of the authority's own clocks, overseas too."""
    with timezone.override(authority.zone_info):
        response = respond()
        return response.render() if isinstance(response, SimpleTemplateResponse) else response


class ActionView(GatedScreen, FormScreen):
    """One screen, one form, one action on a record of an authority: what an action refuses is said, nothing typed is lost."""

    http_method_names = ["get", "post"]
    success_message = ""

    @property
    def record(self) -> Application | Sanction:
        """What the screen is about."""
        raise NotImplementedError

    def act(self, *args: Any, **cleaned: Any) -> Any:
        """Call the one action of the screen."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(by=self.request.user, on=self.record.authority.today(), **form.cleaned_data)
        except ANSWERS as answer:
            form.add_error(None, getattr(answer, "messages", str(answer)))
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return redirect(self.get_success_url())

    def form_invalid(self, form: Form) -> HttpResponse:
        """The same screen with its errors; a button without a screen of its own says them on the next page."""
        if self.template_name is None:
            for error in form.non_field_errors():
                messages.error(self.request, str(error))
            return redirect(self.get_success_url())
        return super().form_invalid(form)

    def get_success_url(self) -> str:
        return self.record.get_absolute_url()


class CaseActionView(ActionView):
    """A screen of a case: 404 outside one's cases, 403 without the right, 409 once somebody else did it."""

    nodes: tuple[str, ...] = ()

    @property
    def record(self) -> Application:
        return self.case

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.case = get_object_or_404(self.cases(), pk=kwargs["pk"])

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.require_current()
            return on_the_clocks_of(self.case.authority, partial(super().respond, request, *args, **kwargs))
        except (TransitionNotAllowed, ConcurrentTransition, TaskGone):
            return self.overtaken()
        except Application.DoesNotExist:  # a draft that was discarded on another device since
            raise Http404 from None

    def require_current(self) -> None:
        """The screen is still of use: its task is open. Raises TaskGone."""
        if self.nodes:
            require_task(self.case, *self.nodes)

    def overtaken(self) -> HttpResponse:
        """Somebody else, or the clock, was first: what they did, when, and that nothing of this was recorded."""
        case = get_object_or_404(self.cases(), pk=self.case.pk)
        is_landlord = permissions.is_applicant(case, self.request.user)
        context = {"case": case, "is_landlord": is_landlord, "overtaken": Overtaken.of(case, for_landlord=is_landlord)}
        return render(self.request, "409.html", context, status=409)

    def cases(self) -> QuerySet[Application]:
        return Application.objects.visible_to(self.request.user).with_sheet()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(case=self.case, today=self.case.authority.today(), **kwargs)
