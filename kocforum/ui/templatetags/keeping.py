"""`{% keep a b %}…{% endkeep %}`: what depends on nothing but these values is rendered once in a process.

The frame around every page is the same for every reader of one language, theme and section; without this it would cost more than the
page inside. It keeps at most a few hundred texts and nothing while developing. Never put a person's name or a token inside.
"""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST = 256


class KeepNode(Node):
    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values
        self.kept: dict[tuple[str, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        if settings.DEBUG:
            return self.nodelist.render(context)
        key = (
            get_language() or "",
            *(str(value.resolve(context, ignore_failures=True) or "") for value in self.values),
        )
        text = self.kept.get(key)
        if text is None:
            text = self.nodelist.render(context)
            if len(self.kept) < MOST:
                self.kept[key] = text
        return text


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """The language is always part of the key."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, values)
