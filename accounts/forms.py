"""Sign-in, sign-up and account forms."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.http import HttpRequest

from accounts.models import User


class SignInForm(LoginForm):
    """allauth's form in the words of the site: the page itself links to a lost password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Adresse e-mail"
        self.fields["password"].help_text = ""
        self.fields["remember"].label = "Rester connecté sur cet ordinateur"
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)


class NameForm(forms.ModelForm):
    """What sign-up asks beside the address and the password."""

    class Meta:
        model = User
        fields = ["first_name", "last_name"]

    field_order = ["first_name", "last_name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002 (allauth's signature)
        """Called by allauth once the account exists."""
        user.first_name = self.cleaned_data["first_name"]
        user.last_name = self.cleaned_data["last_name"]
        user.save(update_fields=["first_name", "last_name"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"
