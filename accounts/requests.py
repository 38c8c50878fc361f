from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request of a page behind sign-in: somebody is there."""

    user: User
