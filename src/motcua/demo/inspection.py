"""What a node knows of one dossier, for whoever checks a journey's end."""

from typing import Any

from django.db.models import Sum

from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.indicators.models import Count, Kind
from motcua.journal import keyring, verification
from motcua.registers.civil.models import BirthVersion
from motcua.registers.insurance.models import CardVersion
from motcua.registers.population.models import PersonVersion, Reading
from motcua.tracking.models import Passage, Tracked


def inspect(code: str) -> dict[str, Any]:
    """Records that rest on it, readings made for it, states in order, counts, dossiers returned."""
    entered = PersonVersion.objects.filter(reference=code)
    tracked = Tracked.objects.filter(code=code).first()
    passages = Passage.objects.filter(dossier=tracked.dossier).order_by("at") if tracked else []
    return {
        "births": BirthVersion.objects.filter(reference=code).count(),
        "cards": CardVersion.objects.filter(reference=code).count(),
        "persons": entered.values("subject").distinct().count(),
        "residences": entered.current().exclude(residence="").count(),
        "readings": list(Reading.objects.order_by("at").values_list("service", flat=True)),
        "states": list(dict.fromkeys(passage.state for passage in passages)),
        "counts": {
            kind: Count.objects.filter(kind=kind).aggregate(sum=Sum("number"))["sum"] or 0
            for kind in Kind.values
        },
        "returned": Dossier.objects.filter(state=State.RETURNED).count(),
    }


def broken() -> str:
    """The first broken place of the node's journal, all of it read and reckoned anew; empty if it is whole."""
    place = verification.first_broken(keyring.public_keys())
    return str(place) if place else ""
