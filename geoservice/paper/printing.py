"""From a sheet's template to HTML, and to a PDF that a screen reader can follow (PDF/UA)."""

import asyncio
from typing import Any, cast

from geoservice.paper.pages import DENSITIES
from geoservice.paths import STATIC
from geoservice.web.pages import Page, environment

AT_ONCE = 1
"""Laying out takes a whole core for about a second: the other requests of the process need one too."""

_turn = asyncio.Semaphore(AT_ONCE)


def html(template: str, page: Page, density: int = DENSITIES[0]) -> str:
    return environment().get_template(template).render(page=page, density=density)


async def pdf(template: str, page: Page) -> bytes:
    """One A4 page in the largest type that holds; more pages only when the smallest does not."""
    async with _turn:
        return await asyncio.to_thread(_pdf, template, page)


def _pdf(template: str, page: Page) -> bytes:
    # imported at the first sheet: it takes a second and 40 MB, and most processes print nothing
    import weasyprint  # pyright: ignore[reportMissingTypeStubs]

    library = cast(Any, weasyprint)
    style = library.CSS(filename=STATIC / "sheet.css", url_fetcher=_refuse)

    def laid_out(density: int) -> Any:
        source = library.HTML(string=html(template, page, density), url_fetcher=_refuse)
        return source.render(stylesheets=[style], pdf_variant="pdf/ua-1")

    *larger, smallest = DENSITIES
    tried = (laid_out(density) for density in larger)
    fitting = next((document for document in tried if len(document.pages) == 1), None)
    return (fitting or laid_out(smallest)).write_pdf(pdf_variant="pdf/ua-1")


def _refuse(url: str) -> Any:
    """A sheet holds everything it shows: whatever a source wrote, nothing is fetched for it."""
    raise ValueError(f"Not fetched for a sheet: {url}")
