"""A browser without pictures: follows links, fills in forms and presses buttons, as a person would; for the journeys."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

type Files = dict[str, tuple[str, bytes, str]]


class LostError(Exception):
    """The page does not have what a person would look for; the message says what and where."""


@dataclass
class Form:
    """A form of a page: where it goes, what it already holds, its buttons."""

    action: str
    method: str
    values: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    choices: dict[str, str] = field(default_factory=dict)
    words: str = ""


class Reader(HTMLParser):
    """Reads forms, links and text out of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.heading = ""
        self._form: Form | None = None
        self._select = self._area = self._href = ""
        self._takes_many = False
        self._in_heading = self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        opener = getattr(self, f"open_{tag}", None)
        if opener:
            opener(given)

    def open_form(self, given: dict[str, str]) -> None:
        self._form = Form(given.get("action", ""), given.get("method", "get").lower())
        self.forms.append(self._form)

    def open_input(self, given: dict[str, str]) -> None:
        name, kind = given.get("name"), given.get("type", "text")
        if self._form is None or not name:
            return
        self._form.names.add(name)
        if kind == "radio":
            self._form.choices.setdefault(name, given.get("value", "on"))
        if kind in {"radio", "checkbox"}:
            if "checked" in given:
                self._form.values[name] = given.get("value", "on")
        elif kind not in {"file", "submit", "image", "button"}:
            self._form.values[name] = given.get("value", "")

    def open_button(self, given: dict[str, str]) -> None:
        if self._form is not None and given.get("name"):
            self._form.names.add(given["name"])

    def open_select(self, given: dict[str, str]) -> None:
        self._select, self._takes_many = given.get("name", ""), "multiple" in given
        if self._form is not None and self._select:
            self._form.names.add(self._select)

    def open_option(self, given: dict[str, str]) -> None:
        if (
            self._form is not None
            and self._select
            # Of a list that takes many nothing is chosen by itself.
            and ("selected" in given or not (self._takes_many or self._select in self._form.values))
        ):
            self._form.values[self._select] = given.get("value", "")

    def open_textarea(self, given: dict[str, str]) -> None:
        self._area = given.get("name", "")
        if self._form is not None and self._area:
            self._form.names.add(self._area)
            self._form.values[self._area] = ""

    def open_a(self, given: dict[str, str]) -> None:
        self._href = given.get("href", "")
        self.links.append((self._href, ""))

    def open_h1(self, given: dict[str, str]) -> None:
        self._in_heading = not given.get("hidden")

    def open_style(self, given: dict[str, str]) -> None:
        self._silent = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "a":
            self._href = ""
        elif tag == "h1":
            self._in_heading = False
        elif tag == "style":
            self._silent = False

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.values[self._area] += data.lstrip("\n") if not self._form.values[self._area] else data
        text = " ".join(data.split())
        if not text or self._silent:
            return
        self.words.append(text)
        if self._form is not None:
            self._form.words += f" {text}"
        if self._href and self.links:
            href, words = self.links[-1]
            self.links[-1] = (href, f"{words} {text}".strip())
        if self._in_heading:
            self.heading += f" {text}"


@dataclass
class Page:
    """A page as a person takes it in."""

    url: str
    status: int
    body: bytes
    forms: list[Form]
    links: list[tuple[str, str]]
    text: str
    heading: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


class Browser:
    """One person at one node: keeps their cookies and the page they look at."""

    def __init__(self, root: str, *, language: str = "vi") -> None:
        self.root = root
        self.client = httpx.Client(base_url=root, follow_redirects=True, timeout=60)
        self.client.cookies.set("language", language)
        self.page = Page(root, 0, b"", [], [], "", "")
        self.turned = 0  # pages this person has been shown

    def open(self, path: str, *, expect: int = 200) -> Page:
        """Go to an address."""
        return self._show(self.client.get(path), expect)

    def follow(self, *, to: str = "", words: str = "") -> Page:
        """Follow the first link whose address contains `to` and whose words contain `words`."""
        for href, text in self.page.links:
            if to in href and words in text and not href.startswith("#"):
                return self.open(urljoin(self.page.url, href))
        raise LostError(
            f"{self.page.url}: no link to “{to}” saying “{words}”; the page says: {self.page.text[:300]}"
        )

    def form(self, *, to: str = "", has: str = "") -> Form:
        """The first form that goes to an address containing `to` and has a field `has`."""
        for form in self.page.forms:
            if (
                to in (form.action or self.page.path)
                and (not has or has in form.names)
                and form.method == "post"
            ):
                return form
        raise LostError(
            f"{self.page.url}: no form to “{to}” with “{has}”; the page says: {self.page.text[:300]}"
        )

    def submit(
        self,
        values: dict[str, Any] | None = None,
        *,
        to: str = "",
        has: str = "",
        files: Files | None = None,
        expect: int = 200,
    ) -> Page:
        """Fill in a form and press its button."""
        form = self.form(to=to, has=has)
        unknown = set(values or {}) - form.names
        if unknown:
            raise LostError(
                f"{self.page.url}: the form has no field {', '.join(sorted(unknown))}; it has {sorted(form.names)}"
            )
        data = {**form.values, **(values or {})}
        address = urljoin(self.page.url, form.action or self.page.url)
        answer = self.client.post(address, data=data, files=files, headers={"Referer": self.page.url})
        return self._show(answer, expect)

    def choice(self, name: str, words: str) -> str:
        """The value of the radio button called `name` whose words contain `words`."""
        text = self.page.body.decode()
        for label in re.findall(r"<label[^>]*>.*?</label>", text, re.DOTALL):
            if f'name="{name}"' in label and words in label:
                return str(re.findall(r'value="([^"]*)"', label)[0])
        raise LostError(f"{self.page.url}: no choice of “{name}” says “{words}”")

    def download(self, *, to: str = "", words: str = "") -> bytes:
        """Fetch what a link leads to, staying on the page."""
        for href, text in self.page.links:
            if to in href and words in text:
                answer = self.client.get(urljoin(self.page.url, href))
                answer.raise_for_status()
                return answer.content
        raise LostError(f"{self.page.url}: nothing to download at “{to}” saying “{words}”")

    def _show(self, answer: httpx.Response, expect: int) -> Page:
        self.turned += 1
        reader = Reader()
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if is_page:
            reader.feed(answer.text)
        self.page = Page(
            str(answer.url),
            answer.status_code,
            answer.content,
            reader.forms,
            reader.links,
            " ".join(reader.words),
            reader.heading.strip(),
        )
        if answer.status_code != expect:
            raise LostError(
                f"{answer.url} answered {answer.status_code}: {self.page.heading} {self.page.text[:600]}"
            )
        return self.page
