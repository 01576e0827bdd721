"""Our components as they are drawn: cotton's language, with nodes of our own that do what our pages need and no more.

A page draws a hundred components and more; cotton's nodes serve every taste and cost several times as much. What does not
change from one drawing to the next is laid out once: here `<c-tag state="ok">` costs little more than the words it writes.
"""

from ast import literal_eval
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError, Variable
from django.template.base import Parser, Template, Token
from django.template.engine import Engine
from django_cotton.tag_parser import parse_component_tag, parse_vars_tag
from django_cotton.templatetags import compile_inline_template, snapshot_parser_library

from motcua.ui.drawing import laid
from motcua.ui.values import MISSING, Find, found

register = Library()

SLOTS = "slots of a component"


class Inner(Context):
    """What is known inside a component: what every page is given, and what the component itself was given.

    One serves a component and all those within it; each lays its own on top and takes it away again.
    """

    def __init__(self, around: Context, template: Template, given: dict[str, Any]) -> None:
        super().__init__()
        self.template, self.render_context = template, around.render_context
        self.dicts = [*self.dicts, given]


NOTHING: dict[str, Any] = {}


def inner_of(around: Context, template: Template) -> Inner:
    """What components on a page know: one for all of them that stand on it."""
    # What context processors gave the page; a page drawn without a request, such as a form, has nothing of it.
    place = getattr(around, "_processors_index", None)
    given = NOTHING if place is None else around.dicts[place]
    kept: Inner | None = getattr(around, "inner", None)
    # A copy of a context has its own, though it was copied with this one.
    if kept and kept.dicts[1] is given and kept.render_context is around.render_context:
        return kept
    made = Inner(around, template, given)
    around.inner = made  # type: ignore[attr-defined]
    return made


class Given(NamedTuple):
    """An attribute whose value differs from one drawing to the next: a variable, or a text with something in it."""

    name: str
    find: Find


class Laid(NamedTuple):
    """A component as one page uses it: what stays the same, and what is passed on to its element."""

    template: Template
    defaults: Mapping[str, Any]
    written: Mapping[str, Any]
    passed_on: Mapping[str, Any]
    given: tuple[tuple[str, bool, Given], ...]


class Component(Node):
    """`<c-name attribute="…" :variable="…">slot</c-name>`"""

    def __init__(
        self, name: str, nodelist: NodeList, attributes: Mapping[str, Any], library: Library
    ) -> None:
        self.name, self.nodelist = name, nodelist
        self.has_slots = bool(nodelist.get_nodes_by_type(Slot))
        self.written: dict[str, Any] = {}
        self.given: list[Given] = []
        for key, value in attributes.items():
            self._take(key, value, library)
        self._laid: Laid | None = None

    def _take(self, key: str, value: Any, library: Library) -> None:
        if value is True:
            self.written[key] = True
            return
        if value[:1] not in {'"', "'"}:
            raise TemplateSyntaxError(f"<c-{self.name}>: write the value of {key} in quotes.")
        text = value[1:-1]
        if key.startswith(":"):
            self.given.append(Given(key[1:], found(Variable(text))))
        elif "{{" in text or "{%" in text:
            self.given.append(Given(key, laid(compile_inline_template(text, library).nodelist).render))
        else:
            self.written[key] = text

    def render(self, context: Context) -> str:
        """Draw it: what it was given, over its defaults, in a context of its own."""
        own = self._laid or self._lay()
        state = {**own.defaults, **self._slots(context), **own.written}
        passed_on = {**own.passed_on}
        for name, is_declared, one in own.given:
            value = one.find(context)
            if value is MISSING:
                continue
            state[name] = value
            if not is_declared:
                passed_on[one.name] = value
        state["attrs"] = passed_on
        inner = context if isinstance(context, Inner) else inner_of(context, own.template)
        before, inner.dicts = inner.dicts, [*inner.dicts[:2], state]
        try:
            return own.template.nodelist.render(inner)
        finally:
            inner.dicts = before

    def _slots(self, context: Context) -> dict[str, Any]:
        """What stands inside the component on the page, drawn as part of the page."""
        if not self.has_slots:
            return {"slot": self.nodelist.render(context)}
        known, slots = context.render_context, dict[str, Any]()
        before = known.get(SLOTS)
        known[SLOTS] = slots
        try:
            return {"slot": self.nodelist.render(context), **slots}
        finally:
            known[SLOTS] = before

    def _lay(self) -> Laid:
        """Read the component's own file, once."""
        template = Engine.get_default().get_template(f"cotton/{self.name.replace('-', '_')}.html")
        declared = next((node for node in template.nodelist if isinstance(node, Declared)), Declared({}, []))
        written = {key.replace("-", "_"): value for key, value in self.written.items()}
        passed_on = {key: value for key, value in self.written.items() if key not in declared.names}
        given = tuple((one.name.replace("-", "_"), one.name in declared.names, one) for one in self.given)
        self._laid = Laid(template, declared.defaults, written, passed_on, given)
        return self._laid


class Declared(Node):
    """`<c-vars look type="submit" :open="False" />`: what a component may be given, and what holds if it is not."""

    def __init__(self, attributes: Mapping[str, str], empty: list[str]) -> None:
        self.defaults: dict[str, Any] = dict.fromkeys(map(accessible, empty), "")
        for key, value in attributes.items():
            text = value[1:-1]
            self.defaults[accessible(key)] = literal_eval(text) if key.startswith(":") else text
        self.names = frozenset(key.removeprefix(":") for key in (*attributes, *empty))

    def render(self, context: Context) -> str:
        return ""


class Slot(Node):
    """`<c-slot name="foot">…</c-slot>`: something more than the one slot of a component."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> str:
        """Drawn as part of the page, kept for the component around it."""
        slots = context.render_context.get(SLOTS)
        if slots is None:
            raise TemplateSyntaxError(f"<c-slot name={self.name}> stands in no component.")
        slots[self.name] = self.nodelist.render(context)
        return ""


def accessible(key: str) -> str:
    """The name by which a component's template knows an attribute."""
    return key.removeprefix(":").replace("-", "_")


@register.tag("cotton")
def component(parser: Parser, token: Token) -> Component:
    """What cotton's loader makes of `<c-name …>`."""
    read = parse_component_tag(token.contents)
    if read.only or read.name == "component":
        raise TemplateSyntaxError(f"<c-{read.name}>: neither `only` nor components named by a variable.")
    nodelist = NodeList()
    if not token.contents.rstrip().endswith("/"):
        nodelist = parser.parse(("endcotton",))
        parser.delete_first_token()
    return Component(read.name, nodelist, read.attrs, snapshot_parser_library(parser))


@register.tag("cotton:vars")
def declared(parser: Parser, token: Token) -> Declared:
    """What cotton's loader makes of `<c-vars …>`; the values are constants."""
    read = parse_vars_tag(token.contents)
    return Declared(read.attrs, read.empty_attrs)


@register.tag("cotton:slot")
def slot(parser: Parser, token: Token) -> Slot:
    """What cotton's loader makes of `<c-slot name="…">`."""
    name = token.split_contents()[1]
    nodelist = parser.parse(("endcotton:slot",))
    parser.delete_first_token()
    return Slot(name, nodelist)
