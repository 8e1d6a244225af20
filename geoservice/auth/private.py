"""Answers that belong to one person: no browser and no proxy keeps them.

Where the address itself is a secret, it is not told to other pages and to search engines either.
"""

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def mark_private(request: Request) -> None:
    request.state.private = True


SECRET_FOLDERS = ("/modifier/", "/ne-plus-ecrire/", "/integrer/cartes/")
"""What follows is a secret that only its bearer holds."""
SECRET_HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}


class PrivateAnswers:
    """Adds `no-store` to whatever answers a request that was marked, refusals included.

    And the headers of a secret to whatever answers under its folders, pages that do not exist included.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        is_secret = scope["path"].startswith(SECRET_FOLDERS)

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start" and is_secret:
                MutableHeaders(scope=message).update(SECRET_HEADERS)
            elif message["type"] == "http.response.start" and state.get("private"):
                MutableHeaders(scope=message)["cache-control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_header)
