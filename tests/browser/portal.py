"""Every page of the portal and of what is public, with something on it: who looks at which."""

import re
from html import unescape

from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.lib.actors import Actor
from motcua.payments import actions as payments
from motcua.payments.models import Charge
from motcua.queues import actions as queues
from motcua.queues.models import Offer
from motcua.tracking import actions as tracking
from motcua.wallets import actions as wallets
from tests import given
from tests.browser.looks import Look
from tests.dossiers.test_batches import enter, form
from tests.portal.test_appointments import booked
from tests.portal.test_my import READING
from tests.portal.test_my import told as noticed
from tests.post import settle
from tests.tracking.conftest import CODE, told
from tests.wallets.test_wallet import held


def portal(visitor, registers):
    """What Mây and a business have there, and what is for everyone."""
    finished = given.dossier(at="signed")
    registers["G01"] = (200, "application/json", {"readings": [READING]})
    for code in ("1.001193", "1.001456", "2.001410"):
        given.procedure(code)
    return [*applications(finished), *own(visitor), *of_a_business(), *catalogue(), *public()]


def applications(finished):
    """An application in each state that shows something else."""
    draft, waiting = given.application(at="filled"), given.dossier(at="accepted")
    actions.request_supplement(waiting, by=given.officer("registrar"), reason="Ảnh giấy chứng sinh bị lóa.")
    settle()
    groups = draft.version.definition.groups_for(draft.case, draft.answers)
    of = (draft.pk,)
    return [
        *(Look("portal:application", "may", (one.pk,)) for one in (waiting, finished)),
        *(Look("portal:answer", "may", (*of, group.id)) for group in groups),
        Look("portal:papers", "may", of),
        Look("portal:check", "may", of),
        Look("portal:complain", "may", (finished.pk,)),
        Look("portal:begin", "may", (given.BIRTH,)),
    ]


def own(visitor):
    """What somebody keeps here: papers, mandates, messages, appointments, what was read of them."""
    queues.set_offer(Offer(agency=given.SA_PA, persons=2), by=given.SYSTEM)
    booking = booked(visitor("may"))
    settle()
    paper = wallets.add(held(), by=given.citizen("may"))
    mandate = given.mandate()
    noticed(1)
    visitor("may").post(f"/procedures/{given.BIRTH}/favourite/", {"marked": "1"})
    reading = re.search(
        r"/my/data/ask/population/\?([^\"]+)", visitor("may").get("/my/data/").content.decode()
    )
    appointment = (booking.split("/")[3],)
    return [
        Look("portal:home", "may"),
        Look("portal:my", "may"),
        Look("portal:favourites", "may"),
        Look("portal:inbox", "may"),
        Look("portal:appointment", "may", appointment),
        Look("portal:change_time", "may", appointment),
        Look("portal:book", "may", (given.BIRTH,)),
        Look("portal:book", "may", (given.BIRTH,), f"agency={given.SA_PA}"),
        Look("portal:wallet", "may"),
        Look("portal:add_paper", "may"),
        Look("portal:holding", "may", (paper.pk,)),
        Look("portal:data", "may"),
        Look("portal:question", "may", ("population",), unescape(reading[1])),
        Look("portal:mandates", "may"),
        Look("portal:mandate", "may", (mandate.pk,)),
        *(Look(f"portal:mandate_{page}", "may") for page in ("new", "child", "business")),
    ]


def of_a_business():
    """Many dossiers from one form, for a business."""
    by = given.actor("doi")
    batch = actions.open_batch(form(), by=by)
    enter(batch, 2)
    return [
        Look("portal:business", "doi", (given.BUSINESS,)),
        Look("portal:batch", "doi", (batch.pk,)),
    ]


def catalogue():
    return [
        Look("portal:home"),
        Look("portal:procedures"),
        Look("portal:procedures", query="q=dang+ky+khai+sinh"),
        Look("portal:procedures", query="q=khong-co-gi"),
        Look("portal:procedure", "", (given.BIRTH,)),
        Look("portal:procedure", "may", ("1.001193",)),
        Look("portal:guide", "", ("birth",)),
        Look("portal:guide_answered", "", ("birth", "not_yet/both_vietnamese/under_6/all_three")),
    ]


def public():
    """Papers checked, dossiers followed, fees paid, numbers: without signing in."""
    tracking.take_states([told(state, state) for state in (1, 2, 4)], by=Actor.system("tracking"))
    charges = [
        payments.raise_charge(
            Charge(
                subject=f"dossier:{number}",
                payee=given.SA_PA,
                payer="Trần Hạ Mây",
                what="Lệ phí",
                amount=8000,
            ),
            by=given.SYSTEM,
        )
        for number in (1, 2)
    ]
    bundle = payments.bundle(charges, by=given.SYSTEM)
    certificate = Document.objects.get(kind="birth")
    return [
        Look("portal:verify"),
        Look("portal:verify_code", "", (certificate.code,)),
        Look("tracking:ask"),
        Look("tracking:show", "", (CODE,)),
        Look("tracking:overdue"),
        Look("tracking:report", "", (), "quarter=2026-4"),
        Look("payments:pay", "", (charges[0].pk,)),
        Look("payments:back", "", (charges[0].pk,)),
        Look("payments:together", "", (), "&".join(f"of={one.pk}" for one in charges)),
        Look("payments:bundle", "", (bundle.pk,)),
        Look("payments:back_bundle", "", (bundle.pk,)),
        Look("indicators:national"),
        Look("indicators:levels"),
        Look("indicators:lists"),
        Look("indicators:list", "", ("scheme06",)),
        Look("indicators:unused"),
        Look("ui:help"),
        *(Look("ui:guide", "", (name,)) for name in ("officer", "administrator")),
        Look("portal:procedure", "", ("9.999999",), status=404),
        Look("portal:verify_code", "", ("0000-0000-0000-0000",), status=404),
        Look("tracking:show", "", ("H38-261116-9999",), status=404),
    ]
