"""What the sign-in pages ask about the deployment."""

from __future__ import annotations

from django import template

from kocforum.members.sms import is_demo

register = template.Library()


@register.simple_tag
def demo_codes() -> bool:
    """True where text messages lie on a page for everyone to see."""
    return is_demo()


_BROWSERS = (
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("HuaweiBrowser", "Huawei Browser"), ("MiuiBrowser", "MIUI Browser"),
    ("UCBrowser", "UC"), ("QQBrowser", "QQ Browser"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def browser_name(user_agent: str) -> str:
    """`Chrome · Android` out of the long line that a browser sends."""
    found = [next((said for mark, said in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return " · ".join(said for said in found if said) or user_agent[:60] or "?"
