"""What sign-in says to other machines over HTTP: the only place of this context that does."""

from typing import Any

import requests

PATIENCE = 5.0


class Silent(Exception):
    """The other side cannot be reached or does not answer as it should; the message is for the node's log."""


def fetch(url: str) -> dict[str, Any]:
    """The JSON object at an address; raises `Silent`."""
    try:
        answer = requests.get(url, timeout=PATIENCE, headers={"Accept": "application/json"})
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Silent(f"{url}: {error}") from error
    if not isinstance(found, dict):
        raise Silent(f"{url}: the answer is no JSON object")
    return found


def post(url: str, form: dict[str, str]) -> None:
    """Send a form; raises `Silent` unless the answer is 2xx. Nobody is followed elsewhere with it."""
    try:
        answer = requests.post(url, data=form, timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        if not answer.ok or answer.is_redirect:
            raise Silent(f"{url}: {answer.status_code}")
    except requests.RequestException as error:
        raise Silent(f"{url}: {error}") from error
