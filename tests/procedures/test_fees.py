"""What a dossier costs: by case, way of filing and number, and who need not pay."""

import pytest

from motcua.procedures.fees import owed
from motcua.procedures.proofs import faults
from motcua.procedures.schema import Definition
from tests import given


def asked(code, *, case="own", channel="online", papers=(), **answers):
    due = owed(given.definition(code), case=case, channel=channel, answers=answers, papers=papers)
    return due and (due.amount, due.exempt and due.exempt.id, due.unproven and due.unproven.id)


@pytest.mark.parametrize(
    ("code", "about", "due"),
    [
        ("1.004222", {"channel": "online"}, (10000, None, None)),
        ("1.004222", {"channel": "direct"}, (20000, None, None)),
        ("1.004222", {"fee_exemption": "poor"}, (10000, None, "poor")),
        ("1.004222", {"fee_exemption": "poor", "papers": ["exemption_proof"]}, (0, "poor", None)),
        ("1.004222", {"fee_exemption": "none", "papers": ["exemption_proof"]}, (10000, None, None)),
        ("1.004194", {"channel": "online"}, (7000, None, None)),
        ("2.000635", {"case": "birth", "copies": 3}, (24000, None, None)),
        ("2.000635", {"case": "birth"}, (8000, None, None)),
        ("2.000986", {"case": "lien_thong"}, (0, None, None)),
        ("1.004873", {}, None),  # the province's council sets it: no amount, nobody asks for one
    ],
)
def test_the_fee_follows_case_channel_number_and_proof(code, about, due):
    assert asked(code, **about) == due


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("fees", {"per": "applicant_name"}),
        ("fees", {"per": "nothing"}),
        ("exemptions", {"proof": "nothing"}),
        ("exemptions", {"when": {"field": "nothing", "is": "poor"}}),
        ("exemptions", {"when": {"field": "fee_exemption", "is": "rich"}}),
    ],
)
def test_a_fee_that_cannot_be_reckoned_is_a_fault(part, change):
    content = given.definition("1.004222").as_content()
    content[part][0].update(change)
    found = [place for place, _words in faults(Definition.from_content(content))]
    assert [place[0] for place in found] == [part]
