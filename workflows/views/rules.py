"""Settings: the questions that the law leaves open, one page a theme, and the history of each answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from permis import rules
from permis.models import RuleChange
from permis.rules import BY_RULE, Question, Rule, Theme
from workflows.actions import settings
from workflows.forms.rules import RuleForm
from workflows.views.administration import SettingsFormView, SettingsView


class RulesView(SettingsView):
    """Écran « Règles » d’un thème : chaque question, ce qui vaut aujourd’hui, son article, depuis quand et par qui."""

    template_name = "workflows/settings_rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.kwargs["theme"] not in Theme.values:
            raise Http404
        theme, today = Theme(self.kwargs["theme"]), self.authority.today()
        changes = list(RuleChange.objects.filter(authority=self.authority).select_related("by").order_by("-since", "-pk"))
        standing = [
            rules.Standing.of(question, [change for change in changes if change.rule == question.rule], on=today)
            for question in rules.QUESTIONS
            if question.theme == theme
        ]
        return super().get_context_data(**kwargs | {"theme": theme, "standing": standing})


class RuleView(SettingsFormView):
    """Écran « Changer une règle » : la réponse, depuis quand, et pourquoi."""

    template_name = "workflows/settings_rule.html"
    form_class = RuleForm
    success_message = "La règle est changée."

    @property
    def question(self) -> Question:
        if self.kwargs["rule"] not in Rule.values:
            raise Http404
        return BY_RULE[Rule(self.kwargs["rule"])]

    @property
    def settings_url(self) -> str:
        return f"{reverse('settings-rules', args=[self.question.theme])}?collectivite={self.authority.pk}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "question": self.question, "today": self.authority.today()}

    def get_initial(self) -> dict[str, Any]:
        today = self.authority.today()
        return {"value": int(rules.value(self.authority, self.question.rule, on=today)), "since": today}

    def save(self, form: Any) -> None:
        settings.settle_rule(
            self.authority, rule=self.question.rule, by=self.request.user, on=self.authority.today(), **form.cleaned_data
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=self.question, back_url=self.settings_url, **kwargs)
