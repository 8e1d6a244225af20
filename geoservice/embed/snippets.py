"""What an integrator copies: the element, the frame with its height, and oEmbed's answer."""

from typing import Any
from urllib.parse import urlencode

from markupsafe import escape

from geoservice.embed.asked import LIST, Asked
from geoservice.search.question import CATEGORIES
from geoservice.web.typography import slug

HEIGHT_DEFAULT, HEIGHT_MIN, HEIGHT_MAX = 700, 300, 2000
"""Pixels, before the script has measured the content, and where scripts are refused."""
WIDTH_DEFAULT = 800
OEMBED_VERSION = "1.0"
PROVIDER = "Lieux de médiation numérique"


def frame(asked: Asked, title: str, site: str, height: int, path: str = LIST) -> str:
    return (
        f'<iframe src="{escape(site + asked.code_address(path))}" title="{escape(title)}" width="100%"'
        f' height="{height}" style="border:0" loading="lazy" allow="geolocation"'
        ' referrerpolicy="strict-origin"></iframe>'
    )


def code(asked: Asked, title: str, site: str, height: int) -> str:
    """The frame, the script that fits it to its content, and a link for whoever sees neither."""
    link = escape(site + asked.query.address("/lieux"))
    return "\n".join(
        (
            frame(asked, title, site, height),
            f'<script src="{site}/w/v1/hauteur.js" async></script>',
            f'<p><a href="{link}">{escape(title)} : ouvrir la liste</a></p>',
        )
    )


def element(asked: Asked, title: str, site: str) -> str:
    """`<carte-mediation>`, which holds a link until its list is there."""
    link = escape(site + asked.query.address("/lieux"))
    attributes: dict[str, list[str]] = {}
    for name, value in asked.written:
        # several values are separated by spaces: a label is told by its slug
        told = slug(value) if name in CATEGORIES else value
        attributes.setdefault(name, []).append(told)
    # on one line: SPIP breaks a tag written on several, and shows it as text
    said = "".join(f' {name}="{escape(" ".join(told))}"' for name, told in attributes.items())
    first = escape(site + LIST + _as_the_element_asks(attributes))
    return "\n".join(
        (
            # the list is asked for at once, not after the script
            f'<link rel="preload" as="fetch" crossorigin href="{first}">',
            f"<carte-mediation{said}>",
            f'  <a href="{link}">{escape(title)} : ouvrir la liste</a>',
            "</carte-mediation>",
            f'<script type="module" src="{site}/w/v1/carte.js"></script>',
        )
    )


def _as_the_element_asks(attributes: dict[str, list[str]]) -> str:
    """The query string, to the letter: browsers write two signs otherwise than Python does."""
    pairs = [(name, value) for name, told in attributes.items() for value in told]
    text = urlencode(pairs).replace("%2A", "*").replace("~", "%7E")
    return f"?{text}" if text else ""


def oembed(
    asked: Asked,
    title: str,
    site: str,
    max_width: int | None,
    max_height: int | None,
    path: str = LIST,
) -> dict[str, Any]:
    """https://oembed.com, type «rich»: what WordPress and its like put where an address is pasted."""
    width = min(WIDTH_DEFAULT, max_width or WIDTH_DEFAULT)
    height = min(HEIGHT_DEFAULT, max_height or HEIGHT_DEFAULT)
    html = frame(asked, title, site, height, path).replace('width="100%"', f'width="{width}"')
    return {
        "version": OEMBED_VERSION,
        "type": "rich",
        "title": title,
        "provider_name": PROVIDER,
        "provider_url": site,
        "width": width,
        "height": height,
        "html": html,
    }
