"""Links between pages: those that lead to a page that is not there are text.

Pages are made one by one, and handed out one by one. So a link remembers where it would lead
(`data-page`), and becomes one once that page is there.
"""

import re
from collections.abc import Collection
from urllib.parse import unquote

_LINK = re.compile(r"(<a\b[^>]*?\s)(?:href|data-page)=\"([^\":/#?]+\.html)((?:#[^\"]*)?)\"")


def linked(page: str, present: Collection[str]) -> str:
    """A page whose links lead to pages that are there, and to no others.

    Args:
        page: its HTML.
        present: the names of the files beside it.
    """

    def link(match: re.Match[str]) -> str:
        attribute = "href" if unquote(match[2]) in present else "data-page"
        return f'{match[1]}{attribute}="{match[2]}{match[3]}"'

    return _LINK.sub(link, page)
