"""Who acts: a small value that travels with every action and is written into the journal as it was."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held at a place; the place is an agency code."""

    role: str
    place: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone or something that acts: `urn` names them for ever, `name` is how they were called, `grants` what they held."""

    urn: str
    name: str = ""
    grants: frozenset[Grant] = field(default_factory=frozenset)

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
        return frozenset(grant.place for grant in self.grants)

    def holds(self, *roles: str, at: str | None = None) -> bool:
        """Whether one of `roles` is held, at the agency `at` or, without it, anywhere."""
        return any(grant.role in roles and at in {None, grant.place} for grant in self.grants)

    def as_json(self) -> dict[str, Any]:
        """The value as it is kept in the journal."""
        return {
            "urn": self.urn,
            "name": self.name,
            "grants": sorted(f"{grant.role}@{grant.place}" for grant in self.grants),
        }

    def __str__(self) -> str:
        return self.name or self.urn


anonymous = Actor(urn="anonymous")
