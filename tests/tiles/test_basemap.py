"""A basemap's style, rewritten: the browser sees one host, and only what the style names passes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiles.basemap import Upstream, WrongStyle, needed_documents, rewritten

THEIRS = "https://fond.example/styles/gris.json"
OURS = "https://carte.example/fond/"
STYLE: dict[str, Any] = {
    "version": 8,
    "sources": {
        "plan": {
            "type": "vector",
            "tiles": ["https://tuiles.example/{z}/{x}/{y}.pbf?cle=1"],
            "maxzoom": 18,
        },
        "relief": {"type": "raster-dem", "url": "../relief.json"},
        "drawing": {"type": "geojson", "data": "https://ailleurs.example/points.json"},
    },
    "glyphs": "https://lettres.example/{fontstack}/{range}.pbf",
    "sprite": "https://fond.example/sprite/plan?cle=1",
    "layers": [
        {"id": "land", "type": "background"},
        {"id": "roads", "type": "line", "source": "plan", "source-layer": "roads"},
        {"id": "marks", "type": "circle", "source": "drawing"},
    ],
}
RELIEF = {
    "relief": {
        "tiles": ["relief/{z}/{x}/{y}.png"],
        "maxzoom": 9,
        "__url__": "https://fond.example/relief.json",
    }
}


def test_the_browser_is_told_of_no_other_host() -> None:
    served, _ = rewritten(STYLE, THEIRS, RELIEF, OURS)

    addresses = json.dumps(served).split("https://")[1:]
    assert addresses
    assert all(address.startswith("carte.example/fond/") for address in addresses)
    assert [layer["id"] for layer in served["layers"]] == ["land", "roads"]
    assert served["sources"]["plan"]["maxzoom"] == 18
    assert served["sources"]["relief"]["maxzoom"] == 9


def test_our_addresses_lead_back_to_theirs() -> None:
    _, upstream = rewritten(STYLE, THEIRS, RELIEF, OURS)

    assert upstream.address("tuiles/0/5/16/11") == "https://tuiles.example/5/16/11.pbf?cle=1"
    assert upstream.address("tuiles/1/5/16/11") == "https://fond.example/relief/5/16/11.png"
    assert upstream.address("icones/0@2x.png") == "https://fond.example/sprite/plan@2x.png?cle=1"
    assert (
        upstream.address("lettres/Source Sans,Arial/0-255")
        == "https://lettres.example/Source%20Sans,Arial/0-255.pbf"
    )


def test_a_source_described_elsewhere_is_looked_up() -> None:
    assert needed_documents(STYLE, THEIRS) == {"relief": "https://fond.example/relief.json"}


@pytest.mark.parametrize(
    "path",
    ["tuiles/2/5/16/11", "tuiles/0/5/16", "tuiles/0/5/16/11.pbf", "icones/1.png", "icones/0.js", "",
     "https://ailleurs.example/", "tuiles/0/5/16/../../secret", "lettres/a/b/0-255", "lettres/../0-255"],
)  # fmt: skip
def test_what_the_style_does_not_name_has_no_address(path: str) -> None:
    _, upstream = rewritten(STYLE, THEIRS, RELIEF, OURS)

    assert upstream.address(path) is None


@given(st.text())
def test_letters_asked_for_never_change_the_host_or_the_folder(fonts: str) -> None:
    upstream = Upstream(glyphs="https://lettres.example/polices/{fontstack}/{range}.pbf")

    address = upstream.address(f"lettres/{fonts}/0-255")

    assert address is None or (
        address.startswith("https://lettres.example/polices/") and address.count("/") == 5
    )


@pytest.mark.parametrize(
    "style",
    [{}, {"sources": {}, "layers": []}, {"sources": [], "layers": []}, {**STYLE, "glyphs": "file:///etc/passwd"}],
)  # fmt: skip
def test_what_is_no_style_is_refused(style: dict[str, Any]) -> None:
    with pytest.raises(WrongStyle):
        rewritten(style, THEIRS, {}, OURS)
