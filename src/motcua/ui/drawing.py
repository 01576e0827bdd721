"""Pages laid out when they are read: what Django's nodes find out anew at each drawing is found out once.

A list of twenty rows draws a thousand nodes. Django asks of each variable at each step whether it is a mapping, an object or
a function by trying one after the other, of each filter what it wants, of each sentence which values stand in it. Here a list
of nodes becomes a list of words and functions that draw the same, byte for byte; what has no function of its own here is
drawn by its own node.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any, override

from django.template import Context, Node, NodeList, VariableDoesNotExist
from django.template.base import Template, TextNode, VariableNode
from django.template.defaulttags import ForNode, IfNode, TemplateLiteral
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from motcua.ui.values import Find, escaped, valued, written

type Draw = Callable[[Context], str]


class Loader(cached.Loader):
    """Keeps pages as Django does, laid out."""

    @override
    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        template.nodelist = laid(template.nodelist)
        return template


class Laid(NodeList):
    """Nodes as they stand on a page, and how they are drawn."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        super().__init__(nodes)
        self.contains_nontext = any(not isinstance(node, TextNode) for node in self)
        self.draw = in_one(joined([drawn(node) for node in self]))
        self.known: dict[type[Node], list[Node]] = {}

    @override
    def render(self, context: Context) -> SafeString:
        return SafeString(self.draw(context))

    @override
    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        """Asked of the skeleton by every page that stands in it."""
        if nodetype not in self.known:
            self.known[nodetype] = super().get_nodes_by_type(nodetype)
        return [*self.known[nodetype]]


def laid(nodes: NodeList) -> Laid:
    """These nodes laid out, and those within them."""
    return nodes if isinstance(nodes, Laid) else Laid(nodes)


def joined(parts: Iterable[str | Draw]) -> tuple[str | Draw, ...]:
    """The same with words that follow one another written as one."""
    found: list[str | Draw] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return tuple(found)


def in_one(parts: Iterable[str | Draw]) -> Draw:
    """Words and functions as one function; where all is words, they are there already."""
    parts = [*parts]
    words = [part if isinstance(part, str) else "" for part in parts]
    draws = [(place, part) for place, part in enumerate(parts) if not isinstance(part, str)]
    if not draws:
        said = "".join(words)
        return lambda _context: said
    if len(parts) == 1:
        return draws[0][1]

    def draw(context: Context) -> str:
        lines = words[:]
        for place, part in draws:
            lines[place] = part(context)
        return "".join(lines)

    return draw


def drawn(node: Node) -> str | Draw:
    """What a node draws, if it is always the same; else how it draws it."""
    known = LAID.get(type(node))
    if known:
        return known(node)
    for name in node.child_nodelists:
        if isinstance(nodes := getattr(node, name, None), NodeList):
            setattr(node, name, laid(nodes))
    return as_before(node)


def as_before(node: Node) -> Draw:
    """By its own means."""
    return node.render


# Nodes


def of_text(node: Any) -> str:
    return str(node.s)


def of_variable(node: Any) -> Draw:
    """`{{ row.name }}`"""
    find = valued(node.filter_expression)

    def draw(context: Context) -> str:
        value = find(context)
        # Most are words, and a call is spared.
        return escape(value) if type(value) is str and context.autoescape else written(value, context)

    return draw


def of_if(node: Any) -> Draw:
    """`{% if … %} … {% elif … %} … {% else %} … {% endif %}`"""
    node.conditions_nodelists = [(asked, laid(nodes)) for asked, nodes in node.conditions_nodelists]
    first, *others = [
        (always if asked is None else met(asked), nodes.draw) for asked, nodes in node.conditions_nodelists
    ]
    return either(first, others)


def either(first: tuple[Find, Draw], others: list[tuple[Find, Draw]]) -> Draw:
    """The first branch if it is met, else one of the others, if there is one."""
    is_met, yes = first
    if is_met is always:
        return yes
    no = either(others[0], others[1:]) if others else nothing

    def draw(context: Context) -> str:
        try:
            chosen = yes if is_met(context) else no
        except VariableDoesNotExist:
            chosen = no
        return chosen(context)

    return draw


def nothing(_context: Context) -> str:
    return ""


def always(_context: Context) -> bool:
    return True


def met(asked: Any) -> Find:
    """Whether a condition holds; one that fails does not hold."""
    if isinstance(asked, TemplateLiteral):
        return valued(asked.value, None)
    one = met(asked.first)
    if asked.id == "not":
        return quietly(lambda context: not one(context))
    other = met(asked.second)
    if asked.id == "and":
        return quietly(lambda context: one(context) and other(context))
    if asked.id == "or":
        return quietly(lambda context: one(context) or other(context))
    compare = COMPARED[asked.id]

    def answer(context: Context) -> Any:
        try:
            return compare(one(context), other(context))
        except Exception:  # noqa: BLE001 — as below
            return False

    return answer


def quietly(find: Find) -> Find:
    def answer(context: Context) -> Any:
        try:
            return find(context)
        except Exception:  # noqa: BLE001 — as Django has it: a page asks and does not fail
            return False

    return answer


COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "in": lambda one, others: one in others,
    "not in": lambda one, others: one not in others,
    "is": operator.is_,
    "is not": operator.is_not,
}


def of_for(node: Any) -> Draw:
    """`{% for one in several %} … {% empty %} … {% endfor %}`"""
    body, empty = laid(node.nodelist_loop), laid(node.nodelist_empty)
    node.nodelist_loop, node.nodelist_empty = body, empty
    names, sequence, is_reversed = node.loopvars, valued(node.sequence, None), node.is_reversed

    one_name = names[0] if len(names) == 1 else ""

    def draw(context: Context) -> str:
        values = sequence(context)
        values = values if hasattr(values, "__len__") else list(values or ())
        length = len(values)
        if length < 1:
            return empty.draw(context)
        loop: dict[str, Any] = {"parentloop": context.get("forloop", {}), "length": length}
        here: dict[str, Any] = {"forloop": loop}
        lines: list[str] = []
        dicts = context.dicts
        dicts.append(here)
        try:
            for place, one in enumerate(reversed(values) if is_reversed else values):
                loop["counter0"], loop["counter"] = place, place + 1
                loop["revcounter"], loop["revcounter0"] = length - place, length - place - 1
                loop["first"], loop["last"] = place == 0, place == length - 1
                if one_name:
                    here[one_name] = one
                else:
                    here.update(zip(names, one, strict=True))
                lines.append(body.draw(context))
        finally:
            dicts.pop()
        return "".join(lines)

    return draw


def of_tag(node: Any) -> Draw:
    """A tag that is a function of values, such as `{% time dossier.due_at "until" %}`."""
    if node.takes_context or node.target_var is not None:
        return as_before(node)
    function, given = node.func, [valued(one) for one in node.args]
    named = {name: valued(one) for name, one in node.kwargs.items()}

    def draw(context: Context) -> str:
        said = function(
            *[find(context) for find in given], **{name: find(context) for name, find in named.items()}
        )
        return escaped(said, context)

    return draw


def of_file(node: Any) -> Draw:
    """`{% static "ui/logo.svg" %}`: where a file of the face is found, which stays so as long as we run."""
    if node.varname is not None or node.path.is_var:
        return as_before(node)
    known: list[str] = []

    def draw(context: Context) -> str:
        if not known:
            known.append(str(node.render(context)))
        return known[0]

    return draw


def of_sentence(node: Any) -> Draw:
    """`{% blocktrans with number=row.number %} … {% endblocktrans %}`"""
    is_counted = bool(node.plural and node.countervar and node.counter)
    if node.message_context or node.asvar or (node.plural and not is_counted):
        return as_before(node)
    given = {name: valued(one) for name, one in node.extra_context.items()}
    one, names = node.render_token_list(node.singular)
    several, others = node.render_token_list(node.plural) if is_counted else ("", [])
    count_of = valued(node.counter) if is_counted else always

    def draw(context: Context) -> str:
        known = {name: find(context) for name, find in given.items()}
        if is_counted:
            count = known[node.countervar] = count_of(context)
            if not isinstance(count, int | float):
                return str(node.render(context))
            said = ngettext(one, several, count)
        else:
            said = gettext(one)
        values = {
            name: written(known[name] if name in known else context.get(name, ""), context)
            for name in (*names, *others)
        }
        try:
            return said % values
        except (KeyError, ValueError):
            return str(node.render(context))

    return draw


LAID: Mapping[type[Node], Callable[[Any], str | Draw]] = {
    TextNode: of_text,
    VariableNode: of_variable,
    IfNode: of_if,
    ForNode: of_for,
    SimpleNode: of_tag,
    StaticNode: of_file,
    BlockTranslateNode: of_sentence,
}
