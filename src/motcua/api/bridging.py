"""Agencies that only a document axis reaches, joined to ours: what lies with us for them goes there, what lies there comes here.

The node hosts these agencies, so that everyone writes to them as to any other; the axis is their document system. Whatever is
interrupted is done again at the next turn: everything taken twice is one. What fails by itself holds up nothing else.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from motcua.api import actions, edocs, far_axis
from motcua.api.far_axis import RefusedError
from motcua.api.posting import Failed
from motcua.api.problems import Problem
from motcua.dispatches import actions as dispatches
from motcua.dispatches.messages import state_message
from motcua.dispatches.models import Delivery, Incoming
from motcua.dispatches.secrecy import may_leave
from motcua.documents.edxml.message import State
from motcua.documents.edxml.reading import read
from motcua.documents.edxml.trees import UnreadableError
from motcua.documents.models import store
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor, Grant

LOG = logging.getLogger(__name__)

KINDS = ("edoc", "status")
ENDED = ("done", "fail")


def bridge() -> Actor:
    """The clerk of every agency beyond, as far as its documents only pass."""
    places = settings.NODE.axis_agencies
    return Actor("system:axis", "axis", frozenset(Grant("clerk", place) for place in places))


def turn() -> None:
    """Once there and back. Raises `posting.Failed` where the axis cannot be reached: the next turn goes on."""
    by = bridge()
    arrived = Incoming.objects.filter(agency__in=settings.NODE.axis_agencies)
    waiting = arrived.exclude(fetched__in=ENDED).order_by("arrived_at")
    each(waiting, partial(hand_over, by=by))
    asked_back = arrived.exclude(recall_message="").exclude(recall_fetched__in=ENDED)
    each(asked_back.order_by("recall_asked_at"), partial(hand_over_recall, by=by))
    news = Delivery.objects.with_news(ENDED).filter(outgoing__agency__in=settings.NODE.axis_agencies)
    each(news.select_related("outgoing").order_by("pk"), partial(tell, by=by))
    for agency in settings.NODE.axis_speaks_for:
        for kind in KINDS:
            each(listed(agency, kind), partial(take_one, agency, kind, by=by))


def each[One](several: Iterable[One], deed: Callable[[One], None]) -> None:
    """Do it with each: what fails alone waits for the next turn. Raises `posting.Failed` where nothing else would go either."""
    for one in several:
        try:
            deed(one)
        except (Failed, RefusedError) as trouble:
            if isinstance(trouble, Failed) and not far_axis.is_up():
                raise
            LOG.warning("The document axis answers, but not about %s; it waits: %s", one, trouble)
        except Exception:
            LOG.exception("Between us and the document axis %s could not be passed on; it waits", one)


def hand_over(document: Incoming, *, by: Actor) -> None:
    """One message for all agencies beyond is sent once; whoever wrote it hears if the axis refuses it."""
    document.refresh_from_db(fields=["fetched"])
    if document.fetched in ENDED:
        return
    how, words = sent_out(document)
    same = Incoming.objects.filter(agency__in=settings.NODE.axis_agencies, message=document.message)
    with transaction.atomic():  # noted and not told, its sender would wait for ever
        for one in same:
            dispatches.note_fetched(one, by=by, how=how)
            if words:
                dispatches.follow(one, by=by, state=State.REFUSED, words=words)


def hand_over_recall(document: Incoming, *, by: Actor) -> None:
    how, words = sent(document.recall_message, document.sender, "edoc")
    with transaction.atomic():  # as above
        dispatches.note_fetched(document, by=by, how=how, is_recall=True)
        if words:
            dispatches.follow(document, by=by, state=State.CHANGE_REFUSED, words=words)


def sent_out(document: Incoming) -> tuple[str, str]:
    """Whether it was taken, and why not; a state secret is not even offered."""
    try:
        may_leave(document)
    except NotNow as why:
        return "fail", str(why)
    return sent(document.message, document.sender, "edoc")


def sent(digest: str, sender: str, kind: str) -> tuple[str, str]:
    """Whether it was taken, and why not."""
    try:
        far_axis.send(store().read(digest), sender=sender, kind=kind)
    except RefusedError as why:
        return "fail", str(why) or "-"
    return "done", ""


def tell(delivery: Delivery, *, by: Actor) -> None:
    """Where a document from beyond stands with one of its receivers here, news after news."""
    document = delivery.outgoing
    for place, news in enumerate(delivery.told):
        if document is None or news.get("fetched") in ENDED:
            continue
        try:
            far_axis.send(state_message(document, delivery, place), sender=delivery.agency, kind="status")
            how = "done"
        except RefusedError as why:
            how = "fail"
            actions.note_axis_refused(document.number, by=by, agency=delivery.agency, reason=str(why))
        dispatches.note_news_fetched(document, by=by, delivery=delivery, place=place, how=how)


def listed(agency: str, kind: str) -> Iterable[str]:
    """What lies there and was not found wanting before. Raises `posting.Failed`."""
    try:
        rows = far_axis.received(agency, kind)
    except RefusedError as why:
        LOG.warning("The document axis lists nothing for %s: %s", agency, why)
        return []
    return [str(row["docId"]) for row in rows if row.get("status") not in ENDED]


def take_one(agency: str, kind: str, key: str, *, by: Actor) -> None:
    """What lies on the axis for one of our agencies; what does not hold is marked so there, and stands in the journal."""
    raw = far_axis.fetch(agency, kind, key)
    try:
        take(raw, by=by)
        how = "done"
    except (Problem, Invalid, NotNow, UnreadableError) as why:
        how = "fail"
        actions.note_axis_refused(key, by=by, agency=agency, reason=str(why))
    far_axis.note(agency, kind, key, how)


def take(raw: bytes, *, by: Actor) -> None:
    """A message from beyond; what came from one of ours comes back to nobody."""
    reading = read(raw)
    sender = reading.message.header.sender
    if sender is None:
        raise Problem(422, _("The message does not say from whom it is."))
    if sender.organ_id in settings.NODE.axis_agencies:
        edocs.take(reading, raw, agency=sender.organ_id, by=by, beyond=settings.NODE.axis_agencies)
