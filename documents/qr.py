"""The QR code of a short address, as a drawing for a page."""

from __future__ import annotations

import io

import segno


def drawing(address: str) -> str:
    """An SVG of an address, with its quiet zone; read at arm's length with a quarter of it stained."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m", boost_error=False).save(
        drawn, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None
    )
    return drawn.getvalue().decode()
