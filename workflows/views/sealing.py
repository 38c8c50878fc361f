"""The screens on which a signatory words an act, reads it as it will be sealed, then signs it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from documents import rendering
from documents.acts import PreviewChanged
from documents.models import Act
from permis.permissions import can_sign
from workflows.forms.decision import SignForm
from workflows.views.base import ANSWERS, CaseActionView


class SignedActView(CaseActionView):
    """One form and two buttons: « Relire l’acte » shows what these words give, « Signer » seals those bytes and no others."""

    template_name = "workflows/sign_act.html"

    def is_allowed(self) -> bool:
        return can_sign(self.case, self.request.user)

    def preview(self, *args: Any, **cleaned: Any) -> Act:
        """The act that these words give."""
        raise NotImplementedError

    def sign(self, *args: Any, **cleaned: Any) -> None:
        """Call the one action of the screen."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        if "sign" in self.request.POST:
            return super().form_valid(form)
        try:
            preview = self.preview(by=self.request.user, on=self.case.authority.today(), **form.cleaned_data)
        except ANSWERS as answer:
            form.add_error(None, getattr(answer, "messages", str(answer)))
            return self.form_invalid(form)
        pages = rendering.page_numbers(preview.content)
        return self.render_to_response(self.get_context_data(form=form, preview=preview, pages=pages))

    def act(self, *args: Any, **cleaned: Any) -> None:
        seen = SignForm(self.request.POST)
        if not seen.is_valid():
            raise PreviewChanged
        self.sign(act=get_object_or_404(Act, pk=seen.cleaned_data["act"], application=self.case), **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"preview": None, "pages": (), **kwargs})
