"""Headers that every answer carries, whoever made it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def policy(
    *, ancestors: str = "'none'", images: str = "", frames: str = "", workers: str = ""
) -> str:
    """What a page of ours may load, and which pages may show it in a frame (`ancestors`).

    `images`, `frames` and `workers` are sources beyond our own.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: blob: {images}".strip(),
            "font-src 'self'",
            "connect-src 'self'",
            f"worker-src 'self' blob: {workers}".strip(),
            "manifest-src 'self'",
            *((f"frame-src {frames}",) if frames else ()),
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        )
    )


POLICY = policy()
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "geolocation=(self), camera=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
}
OPEN_FOLDERS = ("/api/", "/tuiles/", "/fond/", "/statique/", "/w/")
OPEN_DATA = (".json", ".geojson", ".csv", ".mvt", ".ics", ".atom", ".xlsx")


def is_open_data(path: str) -> bool:
    """Whether any site may read this address: public data, and the files of the map."""
    return path.startswith(OPEN_FOLDERS) or path.endswith(OPEN_DATA)


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if is_open_data(scope["path"]):
                    headers.setdefault("access-control-allow-origin", "*")
                else:
                    headers.setdefault("cache-control", "no-cache")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class HeadAsGet:
    """HEAD is GET without the body: link checkers and caches use it everywhere."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)
