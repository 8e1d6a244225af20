"""«Firefox sur Android»: what people recognise of their browser."""

import re

# In this order: Edge and Opera also say Chrome, and Chrome also says Safari.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox|FxiOS": "Firefox", "SamsungBrowser": "Samsung",
    "Chrome|CriOS|Chromium": "Chrome", "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "CrOS": "Chromebook", "Mac OS X": "Mac", "Linux": "Linux"}  # fmt: skip


def device(user_agent: str) -> str:
    browser = _first(BROWSERS, user_agent) or "Navigateur inconnu"
    system = _first(SYSTEMS, user_agent)
    return f"{browser} sur {system}" if system else browser


def _first(names: dict[str, str], user_agent: str) -> str | None:
    return next((name for words, name in names.items() if re.search(words, user_agent)), None)
