"""A document goes down three hops as it came, and what each makes of it comes back up to whoever wrote it."""

import pytest
from lxml import etree

from motcua.desk.standing import ways
from motcua.dispatches import actions
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.documents.edxml.trees import DSIG
from motcua.documents.models import store
from motcua.exchange.models import Outbox
from motcua.lib.actions import Invalid, NotNow, Refused
from tests import given, post
from tests.dispatches.conftest import CLERK, TEXT
from tests.post import settle

MINISTRY, PROVINCE = "G22", "H38"


def unsign(raw: bytes) -> bytes:
    """The same message without its signature."""
    root = etree.fromstring(raw)
    for one in root.findall(f".//{{{DSIG}}}Signature"):
        one.getparent().remove(one)
    return etree.tostring(root)


def came(agency) -> Incoming:
    return Incoming.objects.get(agency=agency)


def from_above(**changes) -> Outgoing:
    """A letter of the Government Office, on its way to the province."""
    letter = Outgoing(
        agency=MINISTRY, kind="letter", subject="Báo cáo quý", text=TEXT, receivers=[PROVINCE], **changes
    )
    actions.submit(actions.draft(letter, by=given.actor("tem")), by=given.actor("tem"))
    actions.sign(letter, by=given.actor("ban"), position="Phó Chủ nhiệm")
    actions.issue(letter, by=given.actor("tem"))
    settle()
    return letter


def sent_on(*receivers) -> Outgoing:
    letter = from_above()
    actions.register(came(PROVINCE), by=given.actor("phong"))
    actions.forward(came(PROVINCE), by=given.actor("phong"), receivers=list(receivers or [given.SA_PA]))
    settle()
    return letter


def test_it_is_byte_for_byte_what_was_signed_at_the_top():
    sent_on()
    below, above = came(given.SA_PA), came(PROVINCE)
    assert below.message == above.message
    assert (below.sender, below.via, below.number) == (MINISTRY, PROVINCE, above.number)
    assert below.signed_by == "Văn phòng Chính phủ"


def test_states_come_back_over_both_hops_and_stand_as_one_picture():
    letter = sent_on(given.SA_PA, given.BAC_HA)
    actions.register(came(given.SA_PA), by=given.actor("niem"))
    actions.assign(
        came(given.SA_PA), by=given.actor("lua"), to=given.account("dua"), instruction="Lập báo cáo."
    )
    settle()
    actions.refuse(came(given.BAC_HA), by=given.actor(CLERK), reason="Gửi nhầm cơ quan.")
    settle()
    there = [(way.delivery.agency, way.delivery.state, way.through) for way in ways(letter.deliveries.all())]
    province = Delivery.objects.get(outgoing=letter, agency=PROVINCE).agency_name
    assert there == [
        (PROVINCE, "03", ""),
        (given.SA_PA, "04", province),
        (given.BAC_HA, "02", province),
    ]
    between = {one.agency: one.state for one in came(PROVINCE).deliveries.all()}
    assert between == {given.SA_PA: "04", given.BAC_HA: "02"}


def test_a_recall_goes_down_after_two_had_begun_and_each_answer_comes_up():
    letter = sent_on(given.SA_PA, given.BAC_HA)
    for agency, clerk in ((given.SA_PA, "niem"), (given.BAC_HA, CLERK)):
        actions.register(came(agency), by=given.actor(clerk))
    settle()
    actions.recall(letter, by=given.actor("tem"), reason="Sai số liệu.")
    settle()
    assert [came(agency).recall_reason for agency in (PROVINCE, given.SA_PA, given.BAC_HA)] == [
        "Sai số liệu."
    ] * 3
    actions.give_back(came(PROVINCE), by=given.actor("phong"))
    actions.give_back(came(given.SA_PA), by=given.actor("niem"))
    settle()
    letter.refresh_from_db()
    assert letter.state == Outgoing.State.ASKED_BACK
    actions.keep_on(came(given.BAC_HA), by=given.actor(CLERK), reason="Đã báo cáo.")
    settle()
    letter.refresh_from_db()
    answers = {one.agency: one.recall_answer for one in letter.deliveries.all()}
    assert answers == {PROVINCE: "15", given.SA_PA: "15", given.BAC_HA: "16"}
    assert letter.state == Outgoing.State.ISSUED


def test_who_has_it_from_one_who_gave_it_back_is_not_asked_again():
    letter = sent_on(given.SA_PA)
    actions.recall(letter, by=given.actor("tem"), reason="Sai số liệu.")
    settle()
    actions.give_back(came(PROVINCE), by=given.actor("phong"))
    actions.keep_on(came(given.SA_PA), by=given.actor("niem"), reason="Đã báo cáo.")
    settle()
    with pytest.raises(NotNow):
        actions.recall(letter, by=given.actor("tem"), reason="Sai số liệu.")
    letter.refresh_from_db()
    assert letter.state == Outgoing.State.ISSUED


def test_everything_sent_twice_has_one_effect():
    letter = from_above()
    actions.register(came(PROVINCE), by=given.actor("phong"))
    actions.forward(came(PROVINCE), by=given.actor("phong"), receivers=[given.SA_PA])
    settle(times=2)
    actions.register(came(given.SA_PA), by=given.actor("niem"))
    settle(times=3)
    assert Incoming.objects.count() == 2
    assert [one["state"] for one in letter.deliveries.get(agency=given.SA_PA).told] == ["01", "03"]


def test_who_sends_on_cannot_write_in_anothers_name():
    """Without the writer's own signature over it nobody takes a document, or a state, from somebody else."""
    from_above()
    actions.register(came(PROVINCE), by=given.actor("phong"))
    unsigned = unsign(store().read(came(PROVINCE).message))
    Incoming.objects.filter(agency=PROVINCE).update(message=store().put([unsigned]).digest)
    actions.forward(came(PROVINCE), by=given.actor("phong"), receivers=[given.SA_PA])
    post.REFUSED.clear()
    settle()
    assert [kind for kind, _words in post.REFUSED] == ["document.edoc"]
    assert not Incoming.objects.filter(agency=given.SA_PA).exists()


def test_it_goes_once_to_each_and_only_where_its_signature_holds():
    sent_on()
    with pytest.raises(Invalid, match="đều đã có"):
        actions.forward(came(PROVINCE), by=given.actor("que"), receivers=[given.SA_PA, MINISTRY, PROVINCE])
    with pytest.raises(Refused):
        actions.forward(came(PROVINCE), by=given.actor("toi"), receivers=[given.BAC_HA])
    Incoming.objects.filter(agency=PROVINCE).update(signed_by="")
    with pytest.raises(NotNow):
        actions.forward(came(PROVINCE), by=given.actor("que"), receivers=[given.BAC_HA])
    assert not Outbox.objects.exists()
