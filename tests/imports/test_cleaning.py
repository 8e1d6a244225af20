"""What each value becomes, or why it is refused."""

import contextlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.imports.cleaning import Cleaned, Refused
from geoservice.imports.cleaning.addresses import clean_address, take_post_box
from geoservice.imports.cleaning.addresses_on_the_web import read_email, read_url
from geoservice.imports.cleaning.dates import read_date
from geoservice.imports.cleaning.identifiers import is_siret, luhn, read_pivot
from geoservice.imports.cleaning.phones import read_phone
from geoservice.imports.cleaning.points import read_point
from geoservice.imports.cleaning.texts import shorten, tidy
from geoservice.imports.cleaning.typologies import BY_NAME, typologies_in
from geoservice.places.typologies import Typologie

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("raw", "departement", "value"),
    [
        ("04 50 00 00 00", "74", "+33450000000"),
        ("04.50.00.00.00", None, "+33450000000"),
        ("+33 (0)4 50 00 00 00", "74", "+33450000000"),
        ("0033450000000", "74", "+33450000000"),
        ("450000000", "74", "+33450000000"),  # a spreadsheet ate the zero
        ("06 39 98 12 34", "74", "+33639981234"),
        ("33639981234", "16", "+33639981234"),
        ("03 89 00 00 00 - 06 39 98 12 34", "68", "+33389000000"),
        ("Accueil : 04 50 00 00 00", "74", "+33450000000"),
        ("04 50 00 00 00 / 06 39 98 12 34", "74", "+33450000000"),
        ("3949 ou 04 50 00 00 00", "74", "+33450000000"),
        ("0262 20 00 00", "974", "+262262200000"),
        ("0590 81 00 00", "971", "+590590810000"),
        ("0596 60 00 00", "972", "+596596600000"),
        ("0594 30 00 00", "973", "+594594300000"),
        ("0269 61 00 00", "976", "+262269610000"),
        ("27 31 21", "988", "+687273121"),
        ("40 50 60 70", "987", "+68940506070"),
        ("41 00 00", "975", "+508410000"),
        ("72 20 00", "986", "+681722000"),
        ("01 42 00 00 00", "974", "+33142000000"),  # the head office, in Paris
    ],
)
def test_a_phone_is_written_as_the_whole_world_dials_it(
    raw: str, departement: str | None, value: str
) -> None:
    assert read_phone(raw, departement).value == value


@pytest.mark.parametrize(
    "raw", ["3949", "36 46", "12", "n’a pas de téléphone", "04 50 00 00", "+1 212 555 0100"]
)
def test_what_is_no_phone_is_refused(raw: str) -> None:
    with pytest.raises(Refused):
        read_phone(raw, "74")


@given(st.text())
def test_a_phone_is_in_e164_or_refused(text: str) -> None:
    try:
        value = read_phone(text, None).value
    except Refused:
        return
    assert value[0] == "+"
    assert value[1:].isdigit()


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("contact@exemple.fr", "contact@exemple.fr"),
        (" Contact@Exemple.FR ", "contact@exemple.fr"),
        ("mailto:contact@exemple.fr", "contact@exemple.fr"),
        ("contact (at) exemple.fr", "contact@exemple.fr"),
        ("<contact@exemple.fr>;", "contact@exemple.fr"),
        ("contact @ exemple . fr", "contact@exemple.fr"),
    ],
)
def test_a_mail_is_tidied(raw: str, value: str) -> None:
    assert read_email(raw).value == value


@pytest.mark.parametrize(
    "raw", ["msap.exemple.fr", "twitter@cpam49", "a@b@c.fr", "@exemple.fr", "é@", "x@exemple..fr"]
)
def test_what_is_no_mail_is_refused(raw: str) -> None:
    with pytest.raises(Refused):
        read_email(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("https://www.exemple.fr/page?a=1", "https://www.exemple.fr/page?a=1"),
        ("http://exemple.fr", "http://exemple.fr"),
        ("www.exemple.fr", "https://www.exemple.fr"),
        ("exemple.fr/agenda", "https://exemple.fr/agenda"),
        ("http:/exemple.fr", "http://exemple.fr"),
        ("(exemple.fr)", "https://exemple.fr"),
        ("htpps://exemple.fr", "https://exemple.fr"),
        ("http://https://exemple.fr", "http://exemple.fr"),
        ("https://médiathèque.exemple.fr", "https://médiathèque.exemple.fr"),
    ],
)
def test_a_web_address_is_completed(raw: str, value: str) -> None:
    assert read_url(raw).value == value


@pytest.mark.parametrize(
    "raw",
    [
        "facebook",
        "javascript:alert(1)",
        "data:text/html,x",
        "contact@exemple.fr",
        "http://",
        "https://exemple",
        "ftp://exemple.fr",
        "http://[",
        "//:",
    ],
)
def test_what_is_no_web_address_is_refused(raw: str) -> None:
    with pytest.raises(Refused):
        read_url(raw)


@given(st.text())
def test_a_web_address_is_http_or_refused(text: str) -> None:
    try:
        value = read_url(text).value
    except Refused:
        return
    assert value.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("raw", "departement", "value"),
    [
        ("13002603200016", "75", "13002603200016"),
        ("130 026 032 00016", "75", "13002603200016"),
        ("35600000000048", "75", "35600000000048"),  # La Poste, by Luhn
        ("35600000063516", "01", "35600000063516"),  # La Poste, by the sum of its digits
        ("W751000000", "75", "W751000000"),
        ("w2a1000000", "2A", "W2A1000000"),
        ("0123456.001", "988", "0123456001"),
    ],
)
def test_a_siret_an_rna_and_a_ridet_are_kept(raw: str, departement: str, value: str) -> None:
    assert read_pivot(raw, departement).value == value


@pytest.mark.parametrize(
    ("raw", "departement"),
    [
        ("00000000000000", "75"),
        ("13002603200017", "75"),
        ("130026032", "75"),
        ("0123456001", "75"),
        ("sans", "75"),
        ("35600000063518", "75"),
    ],
)
def test_zeros_and_wrong_keys_are_not_a_siret(raw: str, departement: str) -> None:
    with pytest.raises(Refused):
        read_pivot(raw, departement)


@given(st.integers(0, 10**12))
def test_one_digit_makes_any_number_right_for_luhn(number: int) -> None:
    assert sum(luhn(f"{number}{digit}") for digit in range(10)) == 1


@given(st.from_regex(r"[0-9]{14}", fullmatch=True), st.integers(0, 13), st.integers(1, 9))
def test_one_mistyped_digit_breaks_a_siret(siret: str, rank: int, change: int) -> None:
    if not luhn(siret) or siret.startswith("356000000"):
        return
    digit = str((int(siret[rank]) + change) % 10)

    assert not is_siret(siret[:rank] + digit + siret[rank + 1 :])


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2024-03-12", date(2024, 3, 12)),
        ("2024-03-12T10:05:00Z", date(2024, 3, 12)),
        ("2020/06/25 12:03:15.886", date(2020, 6, 25)),
        ("12/03/2024", date(2024, 3, 12)),
        ("12/03/2024 10:05", date(2024, 3, 12)),
        ("1.3.24", date(2024, 3, 1)),
        ("20240312", date(2024, 3, 12)),
        ("45363", date(2024, 3, 12)),
        ("1710201600", date(2024, 3, 12)),
        ("12 mars 2024", date(2024, 3, 12)),
        ("03/2024", date(2024, 3, 1)),
        ("2024-03", date(2024, 3, 1)),
        ("13/2024", None),
        ("le 1er août 2023", date(2023, 8, 1)),
        ("Mardi 12 mars 2024", date(2024, 3, 12)),
        ("févr. 2024", date(2024, 2, 1)),
        ("Mis à jour en mars 2024", None),
        ("31/02/2024", None),
        ("09/0102023", None),
        ("2027-01-01", None),
        ("1901-01-01", None),
        ("bientôt", None),
    ],
)
def test_a_date_is_read_in_french_notations_or_refused(raw: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(Refused):
            read_date(raw, TODAY)
    else:
        assert read_date(raw, TODAY).value == day


@given(st.dates(date(1990, 1, 1), TODAY))
def test_every_day_is_read_in_both_orders(day: date) -> None:
    for written in (day.isoformat(), day.strftime("%d/%m/%Y"), day.strftime("%Y%m%d")):
        assert read_date(written, TODAY).value == day


@given(st.text())
def test_no_text_makes_dates_fail(text: str) -> None:
    with contextlib.suppress(Refused):
        read_date(text, TODAY)


@pytest.mark.parametrize(
    ("lon", "lat", "crs", "point"),
    [
        ("6.12", "45.9", None, (6.12, 45.9)),
        ("6,12", " 45,9 ", None, (6.12, 45.9)),
        ("429806,839468793", "6716452,21365748", None, (-0.589804, 47.493147)),
        ("429806.84", "6716452.21", "Lambert-93", (-0.589804, 47.493147)),
        ("446000", "215000", "EPSG:3163", (166.446317, -22.267107)),
    ],
)
def test_a_position_is_in_degrees(
    lon: str, lat: str, crs: str | None, point: tuple[float, float]
) -> None:
    assert read_point(lon, lat, crs).value == pytest.approx(point, abs=1e-4)  # pyright: ignore[reportUnknownMemberType]


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [
        ("0", "0", None),
        ("", "45", None),
        ("x", "45", None),
        ("nan", "45", None),
        ("500", "45", None),
        ("6", "45", "EPSG:0"),
    ],
)
def test_what_is_no_position_is_refused(lon: str, lat: str, crs: str | None) -> None:
    with pytest.raises(Refused):
        read_point(lon, lat, crs)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("  Médiathèque \n du  Pont ", "Médiathèque du Pont"),
        ("Clic&#39; &amp; Ressources", "Clic' & Ressources"),
        ("<p>Ateliers</p><script>alert(1)</script>", "Ateliers"),
        ("&lt;b&gt;Gras&lt;/b&gt;", "Gras"),
        ("MÃ©diathÃ¨que", "Médiathèque"),
        ("a\x00b\u200bc", "abc"),
        ("5 < 6 et 7 > 3", "5 < 6 et 7 > 3"),
        ("- Atelier (le matin)", "- Atelier (le matin)"),
        ("=> entrée par la cour", "=> entrée par la cour"),
        ("L’été, à 10 €", "L’été, à 10 €"),
    ],
)
def test_a_text_is_tidied(raw: str, value: str) -> None:
    assert tidy(raw).value == value


@pytest.mark.parametrize(
    "raw",
    [
        "=cmd()",
        "=1+1",
        ' =HYPERLINK("x")',
        "@SUM(A1)",
        "+SUM(A1)",
        "-cmd|' /C calc'!A0",
        "=cmd|' /C calc'!A0",
        "&#61;cmd()",
    ],
)
def test_a_formula_is_refused(raw: str) -> None:
    with pytest.raises(Refused):
        tidy(raw)


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    with contextlib.suppress(Refused):
        once = tidy(text).value
        assert tidy(once).value == once or "&" in text or "<" in text


def test_paragraphs_stay_apart() -> None:
    assert tidy("<p>Un</p><p>Deux</p>", lines=True).value == "Un\nDeux"


@given(st.text(min_size=1), st.integers(10, 50))
def test_a_shortened_text_holds_in_its_length(text: str, length: int) -> None:
    assert len(shorten(text, length).value) <= length


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("3, rue du Pont 74000 ANNECY", "3, rue du Pont"),
        ("3 rue du Pont, 74000 Annecy Cedex 9", "3 rue du Pont"),
        ("3 rue du Pont - 74 000 Annecy", "3 rue du Pont"),
        ("3 rue du Pont, Annecy", "3 rue du Pont"),
        ("28bis rue du Mayollet", "28 bis rue du Mayollet"),
        ("n°12 rue du Pont", "12 rue du Pont"),
        ("0 rue du Pont", "rue du Pont"),
        (" , rue du Pont,", "rue du Pont"),
        ("Place du 31 décembre 1943", "Place du 31 décembre 1943"),
        ("12 avenue d’Annecy", "12 avenue d’Annecy"),
        ("Route 10000 Marches", "Route 10000 Marches"),
    ],
)
def test_an_address_is_a_number_and_a_street(raw: str, value: str) -> None:
    assert clean_address(raw, ("Annecy",), "74000").value == value


@given(
    st.lists(
        st.sampled_from(
            [
                "12",
                "bis",
                "rue du Pont",
                "Annecy",
                "74000",
                "cedex 9",
                ",",
                ";",
                " - ",
                "n°",
                "0",
                " ",
            ]
        )
    ).map("".join)
)
def test_a_cleaned_address_stays_as_it_is(raw: str) -> None:
    once = clean_address(raw, ("Annecy",), "74000").value

    assert clean_address(once, ("Annecy",), "74000") == Cleaned(once)


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("Carré Curial BP 40208", ("Carré Curial", "BP 40208")),
        ("BP 12 - 3 rue du Pont", ("3 rue du Pont", "BP 12")),
        ("3 rue du Pont - CS30027 - Annecy", ("3 rue du Pont Annecy", "CS30027")),
        ("3 rue du Pont", ("3 rue du Pont", "")),
    ],
)
def test_a_post_box_leaves_the_street(raw: str, parts: tuple[str, str]) -> None:
    assert take_post_box(raw) == parts


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Médiathèque – EPN du Lac", ["BIB", "EPN"]),
        ("Centre socio-culturel d’Albertville", ["CSC"]),
        ("MAIRIE DE BERNIN", ["MUNI"]),
        ("Maison France Services", ["RFS"]),
        ("Mission Locale Jeunes", ["ML"]),
        ("Maison de l’emploi et de la formation", ["MDEF"]),
        ("Café de la gare", []),
        ("Association « Le café »", ["ASSO"]),
        ("Le cafard numérique", []),
        ("C.C.A.S. de Trifouilly", ["CCAS"]),
    ],
)
def test_a_kind_of_place_is_guessed_from_its_name(name: str, codes: list[str]) -> None:
    assert typologies_in(name) == codes


def test_every_kind_that_is_guessed_is_published() -> None:
    assert {code for _, code in BY_NAME} <= {member.value for member in Typologie}


READERS: list[Callable[[str], Cleaned[Any]]] = [
    tidy,
    read_email,
    read_url,
    lambda raw: read_pivot(raw, None),
    lambda raw: read_point(raw, raw, None),
    lambda raw: clean_address(raw, (raw,), raw),
]


@given(st.text(), st.sampled_from(READERS))
def test_no_text_makes_cleaning_fail(text: str, read: Callable[[str], Cleaned[Any]]) -> None:
    with contextlib.suppress(Refused):
        read(text)


def test_lambert_93_columns_that_were_exchanged_are_put_right_and_said_so() -> None:
    right = read_point("652709", "6862029", None)
    exchanged = read_point("6862029", "652709", None)

    assert exchanged.value == right.value
    assert "X et Y échangés" in exchanged.operations
