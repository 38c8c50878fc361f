"""What a field of this application may hold, said in French to the person who typed it."""

from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from shapely import GEOSException
from shapely.geometry import shape
from shapely.validation import explain_validity

validate_insee = RegexValidator(r"^(?:\d{2}|2[AB])\d{3}\Z", "Un code INSEE a cinq caractères, par exemple 33473 ou 2A004.")
validate_siren = RegexValidator(r"^\d{9}\Z", "Un numéro SIREN a neuf chiffres.")

MAX_VERTICES = 20_000
_SHAPES = ("Polygon", "MultiPolygon")


def validate_time_zone(name: str) -> None:
    """A name of the IANA database, for example « Europe/Paris » or « Indian/Reunion »."""
    if name not in available_timezones():
        raise ValidationError("Ce fuseau horaire n’existe pas. Exemple : Europe/Paris.")


def validate_geometry(geometry: Any) -> None:
    """A GeoJSON Polygon or MultiPolygon in longitude and latitude (RFC 7946), closed and without self-crossing."""
    if not isinstance(geometry, dict) or geometry.get("type") not in _SHAPES:
        raise ValidationError("Le périmètre doit être un objet GeoJSON de type Polygon ou MultiPolygon.")
    try:
        area = shape(geometry)
    except (GEOSException, KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise ValidationError("Le périmètre GeoJSON est illisible : vérifiez la liste « coordinates ».") from None
    if area.is_empty:
        raise ValidationError("Le périmètre est vide.")
    if not area.is_valid:
        raise ValidationError(f"Le tracé du périmètre se recoupe ({explain_validity(area)}). Corrigez-le.")
    west, south, east, north = area.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ValidationError("Les coordonnées doivent être en longitude et latitude (WGS 84), pas en mètres.")
    if sum(len(ring) for ring in _rings(geometry)) > MAX_VERTICES:
        raise ValidationError(f"Le périmètre a plus de {MAX_VERTICES} sommets. Simplifiez son tracé.")


def _rings(geometry: dict[str, Any]) -> list[list[Any]]:
    coordinates = geometry["coordinates"]
    return list(coordinates) if geometry["type"] == "Polygon" else [ring for part in coordinates for ring in part]
