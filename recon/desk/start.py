"""The way in, the language switch and the end of the desk.

Here: where a visitor lands. Not here: sessions (see `guard`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

if TYPE_CHECKING:
    from starlette.responses import Response

    from recon.desk.visit import Visit


def home(visit: Visit) -> Response:
    """Lead to where the work stands: files where nothing was run yet, else the summary."""
    return RedirectResponse("/check" if visit.place.newest else "/files", status_code=303)


def switch(visit: Visit) -> Response:
    """Change the language of this browser and go back to the page."""
    visit.session.lang = "en" if visit.said("lang") == "en" else "zh"
    back = visit.said("back", "/")
    is_own = back.startswith("/") and not back.startswith(("//", "/\\"))
    return visit.go(back if is_own else "/")


PAGES = (("GET", "/", home), ("POST", "/lang", switch))
