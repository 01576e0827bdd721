"""QR codes (ISO/IEC 18004) as SVG, for pages and for paper."""

import io

import segno


def svg(text: str) -> str:
    """Draw `text` as a QR code that stays readable with a sixth of it smudged (level M), with its quiet zone.

    The drawing has a viewBox and no size of its own: whoever places it says how large it is.
    """
    drawing = io.BytesIO()
    code(text).save(
        drawing,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
        nl=False,
    )
    return drawing.getvalue().decode()


def code(text: str) -> segno.QRCode:
    """Return the code itself; `matrix` holds its modules, row by row."""
    return segno.make(text, error="m", micro=False)
