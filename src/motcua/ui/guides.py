"""The guides as pages: files of docs/guide, drawn with our own components; their pictures are static files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER: Path = settings.PACKAGE.parents[1] / "docs" / "guide"
NAMES = ("citizen", "officer", "administrator")
PHONE, DESK = ("360", "740"), ("1280", "960")  # as motcua guides takes them


@dataclass(frozen=True)
class Guide:
    """A guide in one language: its title, its sections by their anchors, and the whole as HTML."""

    name: str
    title: str
    sections: tuple[tuple[str, str], ...]
    body: SafeString


@cache
def guide(name: str, language: str) -> Guide:
    """Read a guide once a process. Raises FileNotFoundError where the documents were not installed."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = (FOLDER / ("vi" if language == "vi" else "en") / f"{name}.md").read_text("utf-8")
    title, _line, rest = text.partition("\n")
    tokens = reader.parse(rest)
    sections = tuple(anchored(tokens))
    for token in tokens:
        token.children = list(inside(token.children)) if token.children else token.children
    html = reader.renderer.render(framed(tokens), reader.options, {})
    # Our own file, and its reader lets no HTML through.
    return Guide(name, title.removeprefix("# "), sections, mark_safe(html))  # noqa: S308


def anchored(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Give each heading an anchor; yield anchors and words."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = tokens[place + 1].content
            anchor = slugify(words, allow_unicode=True)
            token.attrSet("id", anchor)
            yield anchor, words


def inside(tokens: Sequence[Token]) -> Iterator[Token]:
    """Pictures from where they are served; links to other guides, while those to files that are no pages lose their link."""
    is_dropped = False
    for token in tokens:
        if token.type == "image":
            pictured(token)
        elif token.type == "link_open":
            linked = Path(str(token.attrGet("href"))).stem
            is_dropped = linked not in NAMES or str(token.attrGet("href")).startswith("../")
            token.attrSet("href", f"../{linked}/")
        if not (is_dropped and token.type in {"link_open", "link_close"}):
            yield token


def pictured(token: Token) -> None:
    """Its size is said, so that nothing jumps while pictures come."""
    name = Path(str(token.attrGet("src"))).name
    width, height = PHONE if name.startswith("citizen") else DESK
    for key, value in {
        "src": static(f"guide/{name}"),
        "width": width,
        "height": height,
        "loading": "lazy",
    }.items():
        token.attrSet(key, value)


def framed(tokens: Sequence[Token]) -> list[Token]:
    """Tables in the frame all our tables have; the line that leads to the other language is the footer's matter.

    A table wider than the screen is reached by keys, and called after the heading above it.
    """
    found: list[Token] = []
    heading = ""
    for token in tokens:
        if found and found[-1].type == "heading_open":
            heading = escape(token.content)
        if token.type == "table_open":
            token.attrSet("class", "table")
            found.append(html(f'<div class="table-scroll" tabindex="0" role="group" aria-label="{heading}">'))
        found.append(token)
        if token.type == "table_close":
            found.append(html("</div>"))
    return found[3:]


def html(text: str) -> Token:
    return Token("html_block", "", 0, content=text)
