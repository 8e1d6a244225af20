"""Whatever colours an integrator chooses, what is written can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.embed.appearance import read
from geoservice.embed.colours import (
    BLACK,
    EDGE_RATIO,
    TEXT_RATIO,
    WHITE,
    Colour,
    Palette,
    contrast,
    readable,
    written_on,
)

colours = st.builds(Colour, *[st.integers(0, 255)] * 3)


def test_contrast_is_that_of_the_recommendation() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(Colour.parse("#777777"), WHITE) == pytest.approx(4.48, abs=0.01)


@given(colours)
def test_a_colour_is_written_and_read_back(colour: Colour) -> None:
    assert Colour.parse(str(colour)) == colour


@given(colours, colours)
def test_a_corrected_colour_can_always_be_read(colour: Colour, behind: Colour) -> None:
    assert contrast(readable(colour, [behind]), behind) >= TEXT_RATIO


@given(colours, colours)
def test_a_colour_that_can_be_read_stays_as_it_was_chosen(colour: Colour, behind: Colour) -> None:
    corrected = readable(colour, [behind])

    assert readable(corrected, [behind]) == corrected
    if contrast(colour, behind) >= TEXT_RATIO:
        assert corrected == colour


@given(colours, colours, colours)
def test_everything_of_a_palette_can_be_read(main: Colour, ink: Colour, paper: Colour) -> None:
    made = Palette.of(main, ink, paper)

    assert contrast(made.ink, made.paper) >= TEXT_RATIO
    assert contrast(made.ink, made.tint) >= TEXT_RATIO
    assert contrast(made.soft, made.paper) >= TEXT_RATIO
    assert contrast(made.main, made.paper) >= TEXT_RATIO
    assert contrast(made.on_main, made.main) >= TEXT_RATIO
    assert contrast(made.edge, made.paper) >= EDGE_RATIO


@given(colours)
def test_black_or_white_can_be_read_on_any_colour(colour: Colour) -> None:
    assert contrast(written_on(colour), colour) >= TEXT_RATIO


def test_a_pale_colour_is_told_with_the_nearest_that_can_be_read() -> None:
    look, faults = read([("couleur", "ffcc00")])

    assert faults == []
    [pale] = look.unreadable()
    assert pale.ratio < TEXT_RATIO
    assert contrast(pale.instead, WHITE) >= TEXT_RATIO


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("couleur", "rouge"),
        ("theme", "fluo"),
        ("carte", "toujours"),
        ("filtres", "prix"),
        ("fond", "satellite"),
        ("lang", "en"),
        ("logo", "http://exemple.fr/logo.png"),
        ("logo", "https://exemple.fr; script-src *"),
        ("aide", "javascript:alert(1)"),
        ("titre", "x" * 121),
    ],
)
def test_a_wrong_appearance_is_told_by_its_name(name: str, value: str) -> None:
    _, faults = read([(name, value)])

    assert [fault.parameter for fault in faults] == [name]


@pytest.mark.parametrize("lang", ["fr", "fr-FR", "FR"])
def test_french_is_spoken_whatever_the_country(lang: str) -> None:
    assert read([("lang", lang)])[1] == []


@pytest.mark.parametrize(
    ("given_", "address"),
    [
        ("mairie@exemple.fr", "mailto:mairie@exemple.fr"),
        ("06 39 98 12 34", "tel:0639981234"),
        ("https://exemple.fr/aide", "https://exemple.fr/aide"),
    ],
)
def test_help_is_asked_by_mail_by_phone_or_on_a_page(given_: str, address: str) -> None:
    assert read([("aide", given_)])[0].help_address == address
