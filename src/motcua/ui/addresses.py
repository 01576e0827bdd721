"""Addresses of pages by their names, worked out once: a page holds a hundred links, and most of them stand on many pages."""

from functools import lru_cache
from typing import Any

from django.urls import get_resolver, get_script_prefix, get_urlconf, reverse


def address(name: str, *args: Any) -> str:
    """The same as `reverse(name, args=args)`."""
    return _worked_out(get_resolver(get_urlconf()), get_script_prefix(), name, tuple(map(str, args)))


# The resolver knows which addresses there are; where they are read anew there is a new one.
@lru_cache(maxsize=4096)
def _worked_out(_resolver: object, _prefix: str, name: str, args: tuple[str, ...]) -> str:
    return reverse(name, args=args)
