"""How often an address has tried in vain, where nobody signs in; the node's web processes count together."""

from ipaddress import ip_address, ip_network

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

MOST, WITHIN = 20, 24 * 3600  # seconds
# Who has one IPv6 address has the network of it.
NETWORK = 64


def begin(request: HttpRequest, *, at: str) -> str | None:
    """A try of who asks, at the page called `at`; None if there were too many. What succeeds is to be forgotten."""
    return taken(place_of(request), at=at)


def taken(by: str, *, at: str) -> str | None:
    """Each try has a place of its own that only one can take: any number at once are counted."""
    whose = salted_hmac("motcua.people.tries", by, algorithm="sha256").hexdigest()
    places = [f"people.tries:{at}:{whose}:{number}" for number in range(MOST)]
    taken = cache.get_many(places)
    return next((one for one in places if one not in taken and cache.add(one, 1, timeout=WITHIN)), None)


def about(subject: str, *, at: str) -> str | None:
    """The same for what is asked about, from wherever: many addresses together have no more tries than one."""
    return taken(subject, at=f"{at}:about")


def forget(*tries: str) -> None:
    """It succeeded, and they do not count."""
    cache.delete_many(tries)


def place_of(request: HttpRequest) -> str:
    """The address of who asks, or its network; behind a proxy on this machine it is the one the proxy tells."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    return str(address if address.version == 4 else ip_network((address, NETWORK), strict=False))
