"""`{% url %}` by addresses that are worked out once."""

from typing import Any

from django.template import Context, Library, Node
from django.template.base import Parser, Token
from django.template.defaulttags import url as django_url

from motcua.ui.addresses import address
from motcua.ui.values import escaped, valued

register = Library()


class Address(Node):
    """`{% url "desk:dossier" row.id %}`"""

    def __init__(self, node: Any) -> None:
        self.name, self.args = valued(node.view_name), [valued(one) for one in node.args]

    def render(self, context: Context) -> str:
        found = address(self.name(context), *[find(context) for find in self.args])
        return escaped(found, context)


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """Django's tag; with names for its values, or kept under a name, it is Django's own."""
    node: Any = django_url(parser, token)
    return node if node.kwargs or node.asvar else Address(node)
