"""Mails that wait to be sent."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base


class OutgoingMail(Base):
    """A row goes as soon as its mail is gone: nothing else remembers who was written to."""

    __tablename__ = "outgoing_mails"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    """As plain text; the HTML is made from it when it leaves."""
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
