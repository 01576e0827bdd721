"""Where one's identity is kept, and what a device is called."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

register = template.Library()

# In this order: each of them also names those below it.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "CocCoc": "Cốc Cốc",
    "coc_coc_browser": "Cốc Cốc",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@register.simple_tag(takes_context=True)
def identity_elsewhere(context: dict[str, Any]) -> str:
    """The address that leads to the node which keeps identities, and back to where one wanted to go; empty if there is none."""
    if not settings.NODE.identity_issuer:
        return ""
    goal = context.get("next") or context["request"].GET.get("next", "")
    return reverse("identity_begin", query={"next": goal} if goal else None)


@register.filter
def device(agent: str) -> str:
    """Browser and system, as far as the browser says."""
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A device that does not say what it is")
