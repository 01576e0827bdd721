"""Sentences that stand in a page as they are: looked up once in each language, not each time a page is drawn."""

from typing import Any

from django.template import Context, Library, Node
from django.template.base import Parser, Token, Variable
from django.templatetags.i18n import do_translate
from django.utils.translation import get_language

register = Library()


class Sentence(Node):
    """`{% trans "My dossiers" %}`"""

    def __init__(self, node: Any) -> None:
        self.node = node
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        said = self.said.get(language)
        if said is None:
            said = self.said[language] = str(self.node.render(context))
        return said


@register.tag("trans")
def sentence(parser: Parser, token: Token) -> Node:
    """Django's tag; a page of ours has a hundred of them, nearly all of them constants."""
    node: Any = do_translate(parser, token)
    words = node.filter_expression
    is_constant = isinstance(words.var, Variable) and words.var.literal is not None and not words.filters
    is_plain = not (node.noop or node.asvar or node.message_context)
    return Sentence(node) if is_constant and is_plain else node
