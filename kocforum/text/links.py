"""Where a link leads, which pictures are ours, and bare addresses in running text."""

from __future__ import annotations

import re

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

OUTSIDE_REL = "nofollow ugc noopener"
_OUR_PICTURE = re.compile(r"/uploads/(?!.*(?:\.\.|//))[A-Za-z0-9][A-Za-z0-9_./-]*\Z")
# Chinese runs straight on after an address, so an address ends at the first character that is not ASCII.
_ADDRESS = re.compile(r"(?<![A-Za-z0-9@/])https?://[A-Za-z0-9][!#-;=?-\[\]_a-z~]*", re.IGNORECASE)


def leads_outside(address: str) -> bool:
    """True for every address that is not a path of this site."""
    if address.startswith(("/", "#", "?")):
        return address.startswith(("//", "/\\"))
    return not address.startswith(settings.SITE_URL.rstrip("/") + "/")


def is_our_picture(address: str) -> bool:
    """Pictures come from our own uploads, or every reader would be made known to a stranger's server."""
    return bool(_OUR_PICTURE.match(address))


def _address_ends(address: str) -> str:
    """Without the full stop or bracket of the sentence around it."""
    while address:
        stop = address[-1] in ".,;:!?'\"*_~&"
        round_bracket = address[-1] == ")" and address.count("(") < address.count(")")
        square_bracket = address[-1] == "]" and address.count("[") < address.count("]")
        if not (stop or round_bracket or square_bracket):
            break
        address = address[:-1]
    return address


def _link(href: str, inner: list[Token], level: int) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": href}, level=level)
    return [opening, *inner, Token("link_close", "a", -1, level=level)]


def _linked(token: Token, md: MarkdownIt) -> list[Token]:
    """A text token cut at the bare addresses in it."""
    pieces: list[Token] = []
    at = 0
    for found in _ADDRESS.finditer(token.content):
        shown = _address_ends(found[0])
        href = md.normalizeLink(shown)
        if len(shown) < 10 or not md.validateLink(href):
            continue
        if found.start() > at:
            pieces.append(Token("text", "", 0, content=token.content[at : found.start()], level=token.level))
        pieces += _link(href, [Token("text", "", 0, content=shown, level=token.level + 1)], token.level)
        at = found.start() + len(shown)
    if not pieces:
        return [token]
    if at < len(token.content):
        pieces.append(Token("text", "", 0, content=token.content[at:], level=token.level))
    return pieces


def house_links(children: list[Token], md: MarkdownIt) -> list[Token]:
    """Foreign pictures become links, bare addresses too, and links that lead outside say so to search engines."""
    kept: list[Token] = []
    inside = 0
    for token in children:
        if token.type == "link_open":
            inside += 1
        elif token.type == "link_close":
            inside -= 1
        if token.type == "image" and not is_our_picture(str(token.attrs.get("src", ""))):
            source = str(token.attrs.get("src", ""))
            text = Token("text", "", 0, content=token.content or source, level=token.level)
            kept += [text] if inside or not source else _link(source, [text], token.level)
        elif token.type == "text" and not inside and "://" in token.content:
            kept += _linked(token, md)
        else:
            kept.append(token)
    for token in kept:
        if token.type == "link_open" and leads_outside(str(token.attrs.get("href", ""))):
            token.attrSet("rel", OUTSIDE_REL)
        elif token.type == "image":
            token.attrSet("loading", "lazy")
            token.attrSet("decoding", "async")
    return kept
