"""The authority, the people and the cases of the demo."""

from django.core.management.base import OutputWrapper


def seed(*, password: str, stdout: OutputWrapper) -> None:
    """Fill an empty database."""
    stdout.write(f"  mot de passe de {len(password)} caractères")
