"""A real mail server on this machine, for tests."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """A mail server that keeps what it receives."""

    def __init__(self, port: int) -> None:
        self.received: list[EmailMessage] = []
        self.senders: list[str] = []
        """Where each would be returned."""
        self.answer = "250 OK"
        """What it says to the next recipients; «550 …» refuses them."""
        self.before_taking: Callable[[EmailMessage], None] = lambda mail: None
        """Called with each mail while its sender still waits for an answer."""
        self._port = port
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._port}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.before_taking(message)
        self.received.append(message)
        self.senders.append(envelope.mail_from or "")
        return "250 OK"

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop()
