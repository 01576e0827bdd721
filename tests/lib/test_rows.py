"""Rows written with one statement for all."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from tests.desk.conftest import arrived  # noqa: F401 — dossiers on the desks of Sa Pa

from motcua.dossiers.models import Segment, Step
from motcua.lib import rows
from motcua.lib.models import Counter
from motcua.lib.numbering import numbered

pytestmark = pytest.mark.django_db


def test_new_rows_and_changes_of_others_are_one_statement_and_hold_what_was_said(arrived):  # noqa: F811
    (dossier,) = arrived()
    steps = list(dossier.steps.all())
    began = datetime(2026, 11, 2, 8, 30, 0, 123456, tzinfo=UTC)
    for place, step in enumerate(steps):
        step.note, step.started_at, step.took = (
            f"“{place}” \\ \n 100%",
            began + timedelta(days=place),
            Decimal("1.25"),
        )
        step.after = ["a", {"b": None}]
    clock = Segment(dossier=dossier, kind=Segment.Kind.RUNNING, began_at=began, reason="vì sao")
    changed = rows.updated(steps, "note", "started_at", "took", "after", name="changed")
    dossier.turns, dossier.standing = ["chair", "clerk"], [{"key": "sign"}]
    code = {"code": "(SELECT given.code || last FROM numbered)"}
    dossier.code = "K-"
    last = rows.updated([dossier], "code", "turns", "standing", "assigned_to", computed=code)
    with CaptureQueriesContext(connection) as asked:
        assert rows.write(numbered("rows"), changed, rows.inserted([clock], name="clock"), last) == [("K-1",)]
    assert len(asked) == 1
    names = ("note", "started_at", "took", "after", "key", "state")
    assert list(Step.objects.filter(dossier=dossier).values_list(*names)) == [
        tuple(getattr(step, name) for name in names) for step in steps
    ]
    kept = Segment.objects.get(dossier=dossier)
    assert (kept.kind, kept.began_at, kept.ended_at, kept.reason, kept.left) == (
        "running",
        began,
        None,
        "vì sao",
        None,
    )
    dossier.refresh_from_db()
    assert (dossier.code, dossier.turns, dossier.standing, dossier.assigned_to) == (
        "K-1",
        ["chair", "clerk"],
        [{"key": "sign"}],
        None,
    )


def test_what_is_there_already_is_told_apart_from_what_is_new():
    two = [Counter(key=key, last=1) for key in ("a", "b")]
    assert (rows.put(two[:1]), rows.put(two, otherwise="(key) DO NOTHING")) == (1, 1)
    assert [one._state.adding for one in two] == [False, False]
    with pytest.raises(IntegrityError):
        rows.put([Counter(key="a", last=2)])
