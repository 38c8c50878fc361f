"""Sign-up; apart from the other forms, which allauth's own needs to be built."""

from typing import Any

from allauth.account.forms import SignupForm


class SignUpForm(SignupForm):
    """allauth's form in the words of the sign-in page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("email", "Adresse e-mail"), ("password1", "Mot de passe")):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
