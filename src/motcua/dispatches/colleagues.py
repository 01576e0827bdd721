"""Who works at an agency today, for whoever chooses whom to ask."""

from collections.abc import Collection

from motcua.people.models import Account, acting_at


def colleagues(agency: str, roles: Collection[str]) -> dict[str, Account]:
    """Who acts at an agency today in one of these roles, each once, by key and in the order of their names."""
    held = acting_at([agency])
    found = {str(one.pk): one for (_at, role), ones in held.items() if role in roles for one in ones}
    return dict(sorted(found.items(), key=lambda item: item[1].name))
