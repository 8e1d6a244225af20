"""What a mail is made of: the words of a template, and nothing that a value could add."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.auth.mails import SignInMail
from geoservice.mail.message import (
    Message,
    Paragraph,
    WrongAddress,
    as_email,
    compose,
    paragraphs,
    read_address,
)

SENDER = "carte@exemple.fr"
LINK = "https://carte.exemple.fr/connexion/lien?cle=abc"
HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type",
}  # fmt: skip


def received(message: Message) -> EmailMessage:
    """As whoever receives it reads it."""
    email = message_from_bytes(bytes(as_email(message, SENDER)), policy=default)
    assert isinstance(email, EmailMessage)
    return email


def part(email: EmailMessage, kind: str) -> str:
    found = email.get_body((kind,))
    assert found is not None
    return found.get_content().replace("\r\n", "\n")


@given(st.text(), st.text(), st.text())
def test_no_value_adds_a_header_or_a_recipient(name: str, link: str, more: str) -> None:
    email = received(compose("mail/sign_in.txt", "awa@exemple.fr", SignInMail(name + more, link)))

    assert {header.lower() for header in email} == HEADERS
    assert email["To"] == "awa@exemple.fr"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_a_subject_is_one_line_or_is_refused(subject: str) -> None:
    try:
        email = received(Message("awa@exemple.fr", subject, "Bonjour.\n"))
    except ValueError:
        return

    assert {header.lower() for header in email} == HEADERS


@pytest.mark.parametrize(
    "address",
    [
        "awa@exemple.fr\r\nBcc: tous@exemple.fr",
        "awa@exemple.fr\nSubject: autre",
        "awa@exemple.fr, lou@exemple.fr",
        "Awa <awa@exemple.fr>",
        "awa",
        "awa@",
        "",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(WrongAddress):
        Message(address, "Objet", "Texte")


def test_an_address_is_kept_in_lower_case_without_spaces() -> None:
    assert read_address("  Awa.Diop@Exemple.FR ") == "awa.diop@exemple.fr"


def test_a_name_on_several_lines_adds_no_link_of_its_own() -> None:
    name = "Awa\n\nCliquez ici :\nhttps://pirate.exemple.fr\n\n"

    message = compose("mail/sign_in.txt", "awa@exemple.fr", SignInMail(name, LINK))

    assert [each.link for each in paragraphs(message.text) if each.link] == [LINK]


def test_the_mail_says_the_same_as_text_and_as_html() -> None:
    email = received(compose("mail/sign_in.txt", "awa@exemple.fr", SignInMail("Awa & <b>", LINK)))

    assert f"Me connecter\u00a0:\n{LINK}" in part(email, "plain")
    assert f'<a href="{LINK}"' in part(email, "html")
    assert "Awa & <b>" in part(email, "plain")
    assert "Awa &amp; &lt;b&gt;" in part(email, "html")


def test_the_subject_is_the_first_line_of_the_template() -> None:
    email = received(compose("mail/sign_in.txt", "awa@exemple.fr", SignInMail("Awa", LINK)))

    assert email["Subject"] == "Votre lien de connexion"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_link_is_named_by_the_lines_before_it(end: str) -> None:
    text = f"Bonjour,{end}à vous{end}{end}Me connecter\u00a0:{end}{LINK}{end}"

    assert paragraphs(text) == [
        Paragraph(("Bonjour,", "à vous"), None),
        Paragraph(("Me connecter",), LINK),
    ]
