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

from django.template import Context, Node, NodeList, Variable, VariableDoesNotExist
from django.template.base import Template, TextNode, VariableNode, render_value_in_context
from django.template.defaulttags import ForNode, IfNode, TemplateLiteral
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import gettext, ngettext

type Find = Callable[[Context], Any]
type Draw = Callable[[Context], str]
type Filter = Callable[[Any, Context], Any]

MISSING = object()
# What a mapping or a list says if something is not in it.
NOT_IN_IT = (TypeError, AttributeError, KeyError, ValueError, IndexError)


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
        self.parts = joined([drawn(node) for node in self])
        self.known: dict[type[Node], list[Node]] = {}

    @override
    def render(self, context: Context) -> SafeString:
        return SafeString(
            "".join([part if part.__class__ is str else part(context) for part in self.parts])  # type: ignore[operator]
        )

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


# Values


def found(variable: Variable) -> Find:
    """What a variable stands for in a context, MISSING if it stands for nothing: as Django finds it, without trying."""
    if variable.lookups is None:
        literal = variable.literal
        return variable.resolve if variable.translate else lambda _context: literal
    first, *rest = variable.lookups

    def find(context: Context) -> Any:
        for known in reversed(context.dicts):
            if first in known:
                value = known[first]
                return followed(value, rest, variable, context) if rest or callable(value) else value
        return MISSING

    return find


def followed(value: Any, bits: Iterable[str], variable: Variable, context: Context) -> Any:
    """What lies behind these names, one after the other."""
    try:
        for bit in bits:
            value = part_of(called(value) if callable(value) else value, bit)
        return called(value) if callable(value) else value
    except NothingError as nothing:
        return nothing.stands
    except Exception:  # noqa: BLE001 — Django knows what a page is told of it
        return resolved(variable, context)


class NothingError(Exception):
    """There is no such part; `stands` is what stands for it."""

    def __init__(self, stands: Any) -> None:
        super().__init__()
        self.stands = stands


def part_of(value: Any, bit: str) -> Any:
    """What a mapping keeps under a name, or else an attribute of that name."""
    if hasattr(type(value), "__getitem__"):
        try:
            return value[bit]
        except NOT_IN_IT:
            pass
    try:
        return getattr(value, bit)
    except AttributeError as fault:
        # What another table does not keep is nothing; Django says so, too, after it has read all names there are.
        if getattr(fault, "silent_variable_failure", False):
            raise NothingError(SafeString("")) from None
        if hasattr(type(value), bit) or bit[0].isdigit():  # fails by itself, or is a place in a list
            raise
        raise NothingError(MISSING) from None


def called(value: Any) -> Any:
    """What a function says that a page may call."""
    if getattr(value, "do_not_call_in_templates", False) or getattr(value, "alters_data", False):
        raise TypeError
    return value()


def resolved(variable: Variable, context: Context) -> Any:
    """As Django finds it."""
    try:
        return variable.resolve(context)
    except VariableDoesNotExist:
        return MISSING


def valued(expression: Any, absent: Any = "") -> Find:
    """A variable or constant with its filters; `absent` is what stands for a variable that is not there."""
    if expression.is_var:
        find = found(expression.var)
    else:
        constant = expression.var
        find = lambda _context: constant  # noqa: E731 — it is given on, not called by a name
    filters = [filtered(function, given) for function, given in expression.filters]

    def value_of(context: Context) -> Any:
        value = find(context)
        if value is MISSING:
            value = absent
        for apply in filters:
            value = apply(value, context)
        return value

    return value_of


def filtered(function: Any, given: Iterable[tuple[bool, Any]]) -> Filter:
    """A filter with what is written behind it."""
    is_safe = getattr(function, "is_safe", False)
    wants_here, wants_escaping = (
        getattr(function, name, False) for name in ("expects_localtime", "needs_autoescape")
    )
    given = [(is_variable and one.lookups is not None, one) for is_variable, one in given]
    constants = [one.literal if isinstance(one, Variable) else mark_safe(one) for _is_open, one in given]  # noqa: S308 — written on the page

    def apply(value: Any, context: Context) -> Any:
        if wants_here:
            value = template_localtime(value, context.use_tz)
        known = [
            one.resolve(context) if is_open else constant
            for (is_open, one), constant in zip(given, constants, strict=True)
        ]
        named = {"autoescape": context.autoescape} if wants_escaping else {}
        new = function(value, *known, **named)
        return mark_safe(new) if is_safe and isinstance(value, SafeData) else new  # noqa: S308 — as it says of itself

    def apply_simply(value: Any, _context: Context) -> Any:
        new = function(value, *constants)
        return mark_safe(new) if is_safe and isinstance(value, SafeData) else new  # noqa: S308 — as above

    is_simple = not (wants_here or wants_escaping or any(is_open for is_open, _one in given))
    return apply_simply if is_simple else apply


def written(value: Any, context: Context) -> str:
    """A value as it stands on a page, escaped."""
    kind = value.__class__
    if kind is SafeString:
        return str(value)
    if kind is str:
        return escape(value) if context.autoescape else value
    # Thousands are marked by filters only (settings.USE_THOUSAND_SEPARATOR): a whole number is its digits.
    return str(value if kind is int else render_value_in_context(value, context))


# Nodes


def of_text(node: Any) -> str:
    return str(node.s)


def of_variable(node: Any) -> Draw:
    """`{{ row.name }}`"""
    find = valued(node.filter_expression)
    return lambda context: written(find(context), context)


def of_if(node: Any) -> Draw:
    """`{% if … %} … {% elif … %} … {% else %} … {% endif %}`"""
    node.conditions_nodelists = [(asked, laid(nodes)) for asked, nodes in node.conditions_nodelists]
    branches: list[tuple[Find, Draw]] = [
        (always if asked is None else met(asked), nodes.render) for asked, nodes in node.conditions_nodelists
    ]

    def draw(context: Context) -> str:
        for is_met, render in branches:
            try:
                if not is_met(context):
                    continue
            except VariableDoesNotExist:
                continue
            return render(context)
        return ""

    return draw


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
    return quietly(lambda context: compare(one(context), other(context)))


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

    def draw(context: Context) -> str:
        around = context.get("forloop", {})
        with context.push() as here:
            values = sequence(context)
            values = values if hasattr(values, "__len__") else list(values or ())
            length = len(values)
            if length < 1:
                return empty.render(context)
            loop = here["forloop"] = {"parentloop": around, "length": length}
            lines: list[str] = []
            for place, one in enumerate(reversed(values) if is_reversed else values):
                loop["counter0"], loop["counter"] = place, place + 1
                loop["revcounter"], loop["revcounter0"] = length - place, length - place - 1
                loop["first"], loop["last"] = place == 0, place == length - 1
                if len(names) > 1:
                    with context.update(dict(zip(names, one, strict=True))):
                        lines.append(body.render(context))
                else:
                    here[names[0]] = one
                    lines.append(body.render(context))
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
        return conditional_escape(said) if context.autoescape else said

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
    BlockTranslateNode: of_sentence,
}
