"""`STORAGE_URL` read: what the S3 adapter needs, and where browsers send files to. No import of ours: the settings use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_OPTIONS = {"endpoint", "region", "style", "acl", "timeout", "lock"}


@dataclass(frozen=True)
class Bucket:
    """`s3://key:secret@bucket?endpoint=https://…&region=…&style=path|virtual&acl=none&timeout=8&lock=days`."""

    name: str
    access_key: str | None
    secret_key: str | None = field(repr=False)
    endpoint: str | None
    region: str | None
    style: str
    acl: str | None
    timeout: int
    lock_days: int

    @classmethod
    def of(cls, url: str) -> Bucket:
        """Raises ImproperlyConfigured for what would be misunderstood."""
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        if parts.scheme != "s3" or not parts.hostname:
            raise ImproperlyConfigured("STORAGE_URL doit s’écrire s3://clé:secret@seau?endpoint=https://…&region=….")
        if unknown := set(query) - _OPTIONS:
            raise ImproperlyConfigured(f"STORAGE_URL : option inconnue {', '.join(sorted(unknown))}.")
        endpoint = query.get("endpoint")
        if endpoint and urlsplit(endpoint).scheme not in ("http", "https"):
            raise ImproperlyConfigured("STORAGE_URL : « endpoint » doit commencer par https://.")
        style = query.get("style", "path" if endpoint else "virtual")
        if style not in ("path", "virtual"):
            raise ImproperlyConfigured("STORAGE_URL : « style » vaut path ou virtual.")
        acl = query.get("acl", "private" if endpoint else "none")
        if acl not in ("private", "none"):
            raise ImproperlyConfigured("STORAGE_URL : « acl » vaut private ou none.")
        return cls(
            name=parts.hostname,
            access_key=unquote(parts.username or "") or None,
            secret_key=unquote(parts.password or "") or None,
            endpoint=endpoint,
            region=query.get("region"),
            style="path" if endpoint and _is_address(urlsplit(endpoint).hostname or "") else style,
            acl=None if acl == "none" else acl,
            timeout=_number(query, "timeout", 8, least=1),
            lock_days=_number(query, "lock", 0, least=0),
        )

    def as_setting(self) -> dict[str, Any]:
        """What Django's `STORAGES` expects."""
        return {
            "BACKEND": "documents.backends.ObjectStorage",
            "OPTIONS": {
                "bucket_name": self.name,
                "access_key": self.access_key,
                "secret_key": self.secret_key,
                "endpoint_url": self.endpoint,
                "region_name": self.region,
                "addressing_style": self.style,
                "default_acl": self.acl,
                "signature_version": "s3v4",
                "timeout": self.timeout,
                "lock_days": self.lock_days,
            },
        }

    @property
    def origins(self) -> list[str]:
        """Where browsers send files to and read pictures from: this bucket's own host where it has one, and no wider."""
        if self.endpoint:
            parts = urlsplit(self.endpoint)
            return [f"{parts.scheme}://{parts.netloc if self.style == 'path' else f'{self.name}.{parts.netloc}'}"]
        host = f"s3.{self.region}.amazonaws.com" if self.region else "s3.amazonaws.com"
        return [f"https://{host}" if self.style == "path" else f"https://{self.name}.{host}"]


def _is_address(host: str) -> bool:
    """A bucket cannot be the first word of an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _number(query: dict[str, str], name: str, default: int, *, least: int) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"STORAGE_URL : « {name} » est un nombre entier, {least} au moins.")
    return int(value)
