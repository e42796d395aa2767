"""What a browser shows of Markdown: the elements, and the text in code and outside of it."""

from __future__ import annotations

from html.parser import HTMLParser

from markdown_it import MarkdownIt

__all__ = ["RenderedPage", "render_page"]

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class RenderedPage(HTMLParser):
    """A page of HTML.

    Attributes:
        elements: The names of its elements, in their order.
        code: The text of each element ``code``.
        prose: All other text.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.code: list[str] = []
        self.prose = ""
        self._in_code = 0
        self.feed(html)

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        """Count an element."""
        self.elements.append(tag)
        if tag == "code":
            self._in_code += 1
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._in_code -= tag == "code"

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if self._in_code:
            self.code[-1] += data
        else:
            self.prose += data


def render_page(text: str) -> RenderedPage:
    """Return the page that GitHub's Markdown makes of a text."""
    return RenderedPage(_MARKDOWN.render(text))
