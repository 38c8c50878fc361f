"""What the fields of an application may hold, said in French to the person who typed them."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

validate_postcode = RegexValidator(r"^\d{5}\Z", "Un code postal a cinq chiffres, par exemple 33920.")
validate_cadastral_reference = RegexValidator(
    r"^(?:\d{5}|2[AB]\d{3})?\d{0,3} ?[0-9A-Z]{1,2} ?\d{1,4}\Z",
    "Une référence cadastrale se lit par exemple « AB 214 » : la section, puis le numéro de la parcelle.",
)
DPE_NUMBER = re.compile(r"(?P<year>[0-9]{2})(?P<department>[0-9]{2}|2[AB])(?P<type>[ENTVCL])[0-9]{7}[A-Z]\Z")
validate_dpe_number = RegexValidator(
    rf"^{DPE_NUMBER.pattern}",
    "Un numéro de DPE a treize caractères, par exemple 2433E0412076K. Il est en haut de la première page.",
)
validate_tracking_number = RegexValidator(
    r"^(?:\d[A-Z]\d{11}|[A-Z]{2}\d{9}[A-Z]{2}|\d{15})\Z",
    "Un numéro de recommandé se lit par exemple « 1A 204 873 0614 7 » : recopiez-le en entier depuis le bordereau.",
)

_LA_POSTE = "356000000"


def validate_siret(value: str) -> None:
    """Fourteen digits with a valid key; La Poste has a rule of its own."""
    digits = re.sub(r"\s", "", value)
    valid = re.fullmatch(r"\d{14}", digits) and (
        _luhn(digits) or (digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0)
    )
    if not valid:
        raise ValidationError("Ce numéro SIRET n’est pas valide : il a quatorze chiffres. Vérifiez-le sur un avis Insee.")


def spaced_siret(number: str) -> str:
    """« 832 147 856 00012 », kept on one line; any other number as it is."""
    parts = re.fullmatch(r"(\d{3})(\d{3})(\d{3})(\d{5})", re.sub(r"\s", "", number))
    return "\N{NO-BREAK SPACE}".join(parts.groups()) if parts else number


def tracking_number(text: str) -> str:
    """The number of a registered letter as the post writes it, without the spaces and dots of who copied it."""
    return re.sub(r"[\s.\-]", "", text).upper()


def spaced_tracking_number(number: str) -> str:
    """« 1A 204 873 0614 7 », as it stands on the slip; any other kind of number as it is."""
    parts = re.fullmatch(r"(\d[A-Z])(\d{3})(\d{3})(\d{4})(\d)", number)
    return " ".join(parts.groups()) if parts else number


def _luhn(digits: str) -> bool:
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits))) % 10 == 0
