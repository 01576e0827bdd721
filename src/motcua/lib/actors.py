"""Who acts: a small value that travels with every action and is written into the journal as it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held at a place; the place is an agency code. One that is lent says in whose stead it is held.

    `follows` are codes of agencies that have ended and for whose papers this place answers; `below` those of agencies below
    it where the role is held as well.
    """

    role: str
    place: str
    instead_of: str = ""
    follows: frozenset[str] = frozenset()
    below: frozenset[str] = frozenset()

    def covers(self, place: str) -> bool:
        """Whether it counts at a place: there, below it if so granted, or where papers are that another left behind."""
        return place == self.place or place in self.follows or place in self.below


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone or something that acts: `urn` names them for ever, `name` is how they were called, `grants` what they held.

    `instead_of` names the person in whose stead they act, where their own posts would not have been enough.
    """

    urn: str
    name: str = ""
    grants: frozenset[Grant] = field(default_factory=frozenset)
    instead_of: str = ""

    @staticmethod
    def system(name: str) -> "Actor":
        """The machine itself, acting as the part of it called `name`."""
        return Actor(urn=f"system:{name}", name=name)

    @property
    def is_system(self) -> bool:
        return self.urn.startswith("system:")

    @property
    def is_anonymous(self) -> bool:
        return self.urn == "anonymous"

    @property
    def places(self) -> frozenset[str]:
        """Codes of all agencies where a role is held."""
        return frozenset(code for grant in self.grants for code in (grant.place, *grant.below))

    def holds(self, *roles: str, at: str | None = None) -> bool:
        """Whether one of `roles` is held, at the agency `at` or the one that has followed it; without `at`, anywhere."""
        return any(grant.role in roles and (at is None or grant.covers(at)) for grant in self.grants)

    def answers_for(self, *roles: str) -> list[str]:
        """Codes of the agencies where one of `roles` is held, and of the ended ones these have followed."""
        held = [grant for grant in self.grants if grant.role in roles]
        return sorted({code for grant in held for code in (grant.place, *grant.follows, *grant.below)})

    @property
    def lenders(self) -> list[str]:
        """The people in whose stead something may be done, by name."""
        return sorted({grant.instead_of for grant in self.grants if grant.instead_of})

    def with_posts_of(self, *lenders: str) -> "Actor":
        """The same actor with their own posts and what these people have lent, and nothing else."""
        kept = frozenset(grant for grant in self.grants if grant.instead_of in {"", *lenders})
        return replace(self, grants=kept)

    def acting_for(self, name: str) -> "Actor":
        """The same actor, in whose stead they act now; in nobody's for an empty name."""
        return self if self.instead_of == name else replace(self, instead_of=name)

    def acting_as(self, *roles: str, at: str) -> "Actor":
        """The same actor doing what one of `roles` does at the agency `at`: by their own post, or for who lent them one."""
        held = [grant.instead_of for grant in self.grants if grant.role in roles and grant.covers(at)]
        return self.acting_for(min(held, default=""))

    def as_json(self) -> dict[str, Any]:
        """The value as it is kept in the journal."""
        return {
            "urn": self.urn,
            "name": self.name,
            "grants": sorted({f"{grant.role}@{grant.place}" for grant in self.grants}),
            **({"instead_of": self.instead_of} if self.instead_of else {}),
        }

    def __str__(self) -> str:
        return self.name or self.urn


anonymous = Actor(urn="anonymous")


def called(kept: Mapping[str, Any]) -> str:
    """Who acted, as the journal kept it, in words: the name, and in whose stead."""
    name = str(kept.get("name") or kept.get("urn", ""))
    if not kept.get("instead_of"):
        return name
    return _("%(name)s (in the stead of %(other)s)") % {"name": name, "other": kept["instead_of"]}
