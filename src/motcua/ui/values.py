"""What stands for a variable on a page: found as Django finds it, without trying one way after the other, filtered and escaped."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from django.template import Context, Variable, VariableDoesNotExist
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]

type Find = Callable[[Context], Any]
type Filter = Callable[[Any, Context], Any]

MISSING = object()
# What a mapping or a list says if something is not in it.
NOT_IN_IT = (TypeError, AttributeError, KeyError, ValueError, IndexError)


def found(variable: Variable, absent: Any = MISSING) -> Find:
    """What a variable stands for in a context; `absent` if it stands for nothing."""
    if variable.lookups is None:
        literal = variable.literal
        return variable.resolve if variable.translate else lambda _context: literal
    first, *rest = variable.lookups
    if len(rest) == 1:
        return part_found(first, rest[0], variable, absent)

    def find(context: Context) -> Any:
        for known in reversed(context.dicts):
            if first in known:
                value = known[first]
                if rest or callable(value):
                    value = followed(value, rest, variable, context)
                    return absent if value is MISSING else value
                return value
        return absent

    return find


def part_found(first: str, bit: str, variable: Variable, absent: Any) -> Find:
    """The same for `row.name`, of which pages have most: one step, and the long way only where that fails."""

    def find(context: Context) -> Any:
        for known in reversed(context.dicts):
            if first in known:
                whole = known[first]
                break
        else:
            return absent
        try:
            value = called(whole) if callable(whole) else whole
            value = part_of(value, bit) if hasattr(type(value), "__getitem__") else getattr(value, bit)
            return called(value) if callable(value) else value
        except Exception:  # noqa: BLE001 — whatever it is, the long way finds it, too
            value = followed(whole, (bit,), variable, context)
            return absent if value is MISSING else value

    return find


def followed(value: Any, bits: Iterable[str], variable: Variable, context: Context) -> Any:
    """What lies behind these names, one after the other; MISSING if nothing does."""
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
    filters = [filtered(function, given) for function, given in expression.filters]
    if expression.is_var:
        find = found(expression.var, absent)
    else:
        constant = expression.var
        find = lambda _context: constant  # noqa: E731 — it is given on, not called by a name
    if not filters:
        return find

    def value_of(context: Context) -> Any:
        value = find(context)
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
    kind = type(value)
    if kind is str:
        return escape(value) if context.autoescape else value
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    # Thousands are marked by filters only (settings.USE_THOUSAND_SEPARATOR): a whole number is its digits.
    return str(value if kind is int else render_value_in_context(value, context))


def escaped(said: Any, context: Context) -> str:
    """What a tag says, as it stands on a page."""
    if type(said) is SafeString or not context.autoescape:
        return said  # type: ignore[no-any-return]
    return escape(said) if type(said) is str else conditional_escape(said)
