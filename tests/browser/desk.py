"""Every page of the desk with something on it: by the name of its address, who looks at it, and what lies there."""

from urllib.parse import urlencode

from django.core.signing import Signer
from django.utils import timezone

from motcua.api import actions as machines
from motcua.api.models import Client, Delivery, Subscription
from motcua.demo.nodes import BAC_HA, SA_PA
from motcua.desk.decisions import VERBS
from motcua.dispatches import actions as documents
from motcua.dispatches.mails.taking import take
from motcua.dispatches.models import Incoming, ReceivedMail, SentMail
from motcua.dossiers import actions
from motcua.dossiers.bearing import proof_of
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.opinions.models import Question
from motcua.people.models import Appointment
from motcua.procedures import actions as procedures
from motcua.procedures.models import Draft, Overlay, Version
from motcua.procedures.polls import Poll
from motcua.queues import actions as queues
from motcua.queues.models import Offer, Queue
from motcua.reorganisations.models import Plan
from tests import given
from tests.browser.looks import Look
from tests.desk import test_appointments, test_books, test_counter, test_drift, test_new_procedure
from tests.desk.conftest import DOSSIERS, came, received
from tests.desk.test_imported import take as imported
from tests.desk.test_reorganisations import FILE as MERGER
from tests.desk.test_signing import answers
from tests.desk.test_substitutions import lend
from tests.dispatches import conftest as dispatches
from tests.dispatches import mailing as mails
from tests.dispatches import test_folders as folders
from tests.dispatches import test_templates as templates
from tests.dossiers.test_transitions import CODE, drafted, later
from tests.opinions.test_opinions import consult
from tests.petitions.test_petitions import arrived as petitioned
from tests.post import carry_messages, run_jobs, settle

SINGLE = {"procedure": CODE, "name": "Lưu Thị Sim", "number": "000071002654"}
POLLED, SET, LEVELS = "1.004194", "2.001263", "1.015027"


def desk(visitor):
    """The one-stop desk of Sa Pa on a busy morning."""
    given.country()
    given.keys()
    (new,) = came()
    return [
        *dossiers(new),
        *lists(visitor, new),
        *counters(visitor),
        *corresponding(visitor),
        *written(visitor),
        *places(visitor),
    ]


def dossiers(new):
    """A dossier in each state that shows something else, and all that can be decided about one."""
    examined, paused, refused, to_sign = received(4)
    receiver, registrar = given.officer("receiver"), given.officer("registrar")
    paused.origin = paused.agency
    paused.save()
    actions.request_supplement(paused, by=receiver, reason="Chụp lại giấy chứng sinh.", pages=["mother"])
    for one in (refused, to_sign):
        actions.propose(one, by=registrar, opinion="Đủ điều kiện.")
    actions.refuse_step(refused, by=DOSSIERS, key="register", reason="Số định danh của mẹ không khớp.")
    for key, answer in answers(1).items():
        actions.complete_step(to_sign, by=DOSSIERS, key=key, answer=answer)
    (worded,) = received(**SINGLE)
    actions.draft_result(worded, by=registrar, granted="Chưa kết hôn", facts=(("Họ tên", "Sim"),), terms="")
    given.account("man")
    consult(examined, BAC_HA)
    carry_messages()
    run_jobs()
    taken = Dossier.objects.filter(agency=SA_PA)
    looked = [(new, "suong"), (examined, "lam"), (paused, "lua"), (refused, "lam"), (to_sign, "lua"), (worded, "lam")]  # fmt: skip
    return [
        *(Look("desk:dossier", key, (one.pk,)) for one, key in looked),
        *(Look(f"desk:{verb}", "lam", (examined.pk,)) for verb in VERBS),
        Look("desk:ask", "lam", (examined.pk,)),
        Look("desk:papers", "lam", (examined.pk,)),
        Look("desk:answers", "suong", (paused.pk,)),
        Look("desk:result", "lam", (worded.pk,)),
        Look("desk:asked", "man"),
        Look("desk:asked_one", "man", (Question.objects.get().pk,)),
        Look("desk:bulk", "lam", query=f"verb=assign&dossier={examined.pk}"),
        Look("desk:bulk_of", "lam", ("assign",), f"dossier={examined.pk}&dossier={taken.last().pk}"),
        Look("desk:transitions", "xep"),
        Look("desk:transition", "xep", (transition(worded).pk,)),
    ]


def transition(dossier):
    """Sa Pa's dossiers are to go over to tomorrow's version."""
    procedures.publish(later(), by=DOSSIERS)
    return drafted([dossier])


def lists(visitor, new):
    """What an officer and a head go through in the morning."""
    lend("lam", "suong")
    test_books.transfers(1000)
    client = Client(agency=SA_PA, name="Phần mềm một cửa", scopes=["dossiers:read", "webhooks:manage"])
    machines.register(client, by=given.SYSTEM)
    told = Subscription.objects.create(client=client, url="https://a.example.vn/", kinds=["dossier.accepted"], failures=3)  # fmt: skip
    Delivery.objects.create(
        subscription=told, entry=1, body={"type": "dossier.accepted"}, state="failed", trouble="500"
    )
    visitor("suong").post("/desk/bulk/accept/", {"dossier": [new.pk], "token": "1"})
    visitor("lua").post(
        "/desk/sign/",
        {"dossier": Dossier.objects.filter(state=State.PROCESSING).values_list("pk", flat=True)},
    )
    post = Appointment.objects.get(account=given.account("lam"), post__role="registrar")
    return [
        Look("desk:worklist", "suong"),
        Look("desk:worklist", "lam", query="show=agency&step=examine"),
        Look("desk:worklist", "lua", query="q=x"),
        Look("desk:filter", "lam"),
        Look("desk:bulk_done", "suong"),
        Look("desk:sign_many", "lua"),
        Look("desk:signing", "lua"),
        Look("desk:inbox", "lam"),
        Look("desk:keys", "lam"),
        Look("desk:help", "lam"),
        Look("desk:guide", "lam", ("officer",)),
        Look("desk:books", "lua"),
        Look("desk:collect", "suong"),
        Look("desk:post", "suong"),
        Look("desk:register", "suong"),
        Look("desk:substitutions", "lam"),
        Look("desk:agency", "lua"),
        Look("desk:indicators", "lua"),
        Look("desk:inspection", "lua"),
        Look("desk:inspect", "lua", (new.pk,)),
        Look("desk:people", "thong"),
        Look("desk:people", "may", status=403),
        Look("desk:end", "thong", (post.pk,)),
        Look("desk:calendar", "thong"),
        Look("desk:overdue"),
        Look("desk:rate"),
        Look("desk:rated"),
        Look("desk:ask_receipt"),
        *by_receipt(visitor),
        Look("api:systems", "thong"),
        Look("api:system", "thong", (client.pk,)),
        Look("api:page"),
    ]


def by_receipt(visitor):
    """A dossier of the counter that lacks something, in the browser of who holds its receipt."""
    (dossier,) = received(1)
    Dossier.objects.filter(pk=dossier.pk).update(origin=dossier.agency)
    dossier.refresh_from_db()
    actions.request_supplement(dossier, by=given.officer("receiver"), reason="Chụp lại giấy chứng sinh.")
    visitor().post("/receipt/", {"code": dossier.code, "digits": proof_of(dossier)})
    return [Look("desk:receipt", args=(dossier.pk,))]


def counters(visitor):
    """At the door and at the counter: the queue, appointments, a dossier taken, a question, a representation."""
    queues.set_offer(Offer(agency=SA_PA, persons=50), by=given.SYSTEM)
    queue = queues.open_queue(Queue(agency=SA_PA, letter="A", name_vi="Hộ tịch"), by=given.SYSTEM)
    test_appointments.expected()
    for _person in range(3):
        queues.draw(queue, by=given.SYSTEM)
    client = visitor("suong")
    client.post("/desk/queue/", {"counter": "3"})
    given.procedure(given.COPY)
    given.registered("may")
    opened = test_counter.begin(client)
    done = test_counter.take(client, test_counter.begin(client))["Location"]
    _petition, asked = petitioned()
    claim = given.claim()
    return [
        Look("desk:queue", "suong"),
        Look("desk:queue", "thong"),
        Look("desk:kiosk", "", (Signer(salt="motcua.queue").sign(SA_PA),)),
        Look("desk:screen", "", (SA_PA,)),
        Look("desk:appointments", "suong"),
        Look("desk:offer", "thong"),
        Look("desk:counter", "suong"),
        Look("desk:intake", "suong", (opened.split("/")[3],)),
        Look("desk:taken", "suong", (done.split("/")[3],)),
        Look("desk:identity", "suong"),
        Look("desk:petitions", "lam"),
        Look("desk:petition", "lam", (asked.pk,)),
        Look("desk:mandates", "suong"),
        Look("desk:mandate", "suong", (claim.pk,)),
    ]


def in_routing():
    """A draft on its second version, with a remark, initials that count no longer, and a colleague who is asked."""
    draft = dispatches.written(subject="Kế hoạch phòng chống thiên tai")
    asked = [given.account("lam")]
    documents.route(draft, by=given.actor("dua"), to=asked, wanted="content", days=2, words="Xem căn cứ")
    documents.remark(draft, by=given.actor("lam"), words="Bổ sung số liệu năm trước.")
    documents.initial(draft, by=given.actor("lam"), seen=1)
    changed = documents.redraft(draft, by=given.actor("dua"), text="Nội dung sửa.", note="Thêm số liệu")
    documents.route(changed, by=given.actor("dua"), to=[given.account("suong")], wanted="opinion", days=1)
    return changed


def by_mails():
    """A document that went by e-mail and was refused once, an answer to it, and mails that lie aside."""
    mails.keep()
    letter = dispatches.issued(receivers=[mails.E])
    sent = SentMail.objects.get()
    SentMail.objects.update(state="refused", trouble="550 5.1.1 no such user")
    answer = take(mails.reply(sent).as_bytes())
    take(mails.reply(None, message_id="<2@x>").as_bytes())
    take(mails.reply(None, message_id="<3@x>", Auto_Submitted="auto-replied").as_bytes())
    ReceivedMail.objects.filter(state="aside").update(agency=given.SA_PA)
    return letter, answer


def corresponding(visitor):
    """Documents between two agencies: one on the way, one refused, one asked back, one still a draft."""
    refused, asked_back = dispatches.issued(subject="Báo cáo tháng"), dispatches.issued(responds_to=None)
    came = {one.document_id: one for one in Incoming.objects.filter(agency=given.BAC_HA)}
    documents.refuse(came[refused.document_id], by=dispatches.clerk_there(), reason="Gửi nhầm cơ quan.")
    documents.register(came[asked_back.document_id], by=dispatches.clerk_there())
    copy = documents.copy(asked_back, by=given.officer("clerk"), manner="part", pages="1")
    documents.recall(asked_back, by=given.officer("clerk"), reason="Sai số liệu.")
    settle()
    draft, to_sign = (
        dispatches.written(),
        documents.submit(dispatches.written(urgency=1), by=given.officer("specialist")),
    )
    by_mail, answer = by_mails()
    routed, folder, template = in_routing(), folders.folder(heading="Văn phòng"), templates.template()
    documents.file_in(refused, by=given.actor("dua"), folder=folder)
    return [
        Look("desk:incoming", dispatches.CLERK),
        Look("desk:assigned_tasks", dispatches.CLERK),
        Look("desk:given_tasks", given.CLERK),
        Look("desk:owed_answers", given.CLERK),
        Look("desk:incoming", "dua"),
        *several(visitor, came.values(), to_sign),
        Look("desk:take_paper", given.CLERK),
        Look("desk:document_search", dispatches.CLERK),
        Look("desk:mails", given.CLERK),
        Look("desk:correspondents", given.CLERK),
        Look("desk:outgoing_one", given.CLERK, (by_mail.pk,)),
        Look("desk:incoming_one", given.CLERK, (answer.incoming_id,)),
        Look("desk:incoming_one", dispatches.CLERK, (came[asked_back.document_id].pk,)),
        Look("desk:copy", given.CLERK, (copy.pk,)),
        Look("desk:outgoing", "dua"),
        Look("desk:write_document", "dua"),
        Look("desk:numbering", given.CLERK),
        Look("desk:document_numbers", given.CLERK),
        Look("desk:outgoing_one", "dua", (draft.pk,)),
        Look("desk:outgoing_one", "lua", (to_sign.pk,)),
        Look("desk:outgoing_one", "lam", (routed.pk,)),
        Look("desk:redraft", "dua", (routed.pk,)),
        Look("desk:folders", given.CLERK),
        Look("desk:open_folder", given.CLERK),
        Look("desk:folder", "dua", (folder.pk,)),
        Look("desk:templates", "thong"),
        Look("desk:new_template", "thong"),
        Look("desk:template", "thong", (template.pk,)),
        Look("desk:draft_versions", "dua", (routed.pk,)),
        Look("desk:outgoing_one", "dua", (refused.pk,)),
        Look("desk:outgoing_one", "dua", (asked_back.pk,)),
    ]


def several(visitor, came, to_sign):
    """Many documents at once: looked over by the clerk and by the head, and what came of it."""
    new = dispatches.issued(subject="Kế hoạch quý")
    ids = [str(one.pk) for one in (*came, Incoming.objects.get(document_id=new.document_id))]
    chosen = urlencode([("verb", "register"), *(("document", pk) for pk in ids)])
    visitor(dispatches.CLERK).post("/desk/documents/several/register/", {"document": ids, "token": "1"})
    return [
        Look("desk:several", dispatches.CLERK, query=chosen),
        Look("desk:several", "lua", query=f"verb=sign&document={to_sign.pk}"),
        Look("desk:several_of", dispatches.HEAD, ("assign",), f"document={ids[0]}&document={ids[-1]}"),
        Look("desk:several_done", dispatches.CLERK),
    ]


def written(visitor):
    """Procedures as those write them who look after them."""
    visitor("xep").post("/desk/procedures/new/", test_new_procedure.NEW)
    visitor("thong").post(f"/desk/drift/{given.procedure(SET).code}/set/", test_drift.typed())
    imported("9.000002")
    today = timezone.localdate()
    poll = Poll(procedure=given.procedure(POLLED).procedure, question="Có nên?", whom="Hội", begins_on=today, ends_on=today, asked=20)  # fmt: skip
    procedures.open_poll(poll, by=given.actor("soan"))
    new = Draft.objects.get(code=test_new_procedure.CODE)
    draft = procedures.revise(given.procedure(given.BIRTH), by=given.actor("soan"))
    of_levels = procedures.revise(given.procedure(LEVELS), by=given.actor("soan")).pk
    group = draft.definition.form[0]
    of_cases = procedures.revise(given.procedure("1.004222"), by=given.actor("soan"))
    exempt = procedures.revise(given.procedure("1.004194"), by=given.actor("soan"))
    asked = next(field for field in draft.definition.fields_by_id.values() if field.prefill_when)
    old, newest = Version.objects.coded(CODE).order_by("effective_from").values_list("pk", flat=True)
    of = (draft.pk,)
    return [
        Look("desk:procedures", "soan"),
        Look("desk:new_procedure", "xep"),
        Look("desk:versions", "thong", (CODE,)),
        Look("desk:compare", "thong", (CODE, old, newest)),
        Look("desk:polls", "soan", (POLLED,)),
        Look("desk:count_poll", "soan", (poll.pk,)),
        Look("desk:draft", "soan", of),
        Look("desk:draft", "xep", (new.pk,)),
        *(
            Look(f"desk:{page}", "soan", of)
            for page in ("write", "facts", "draft_papers", "ways", "steps", "questions")
        ),
        *(
            Look(f"desk:{page}", "soan", of)
            for page in ("preview", "tried", "add_page", "add_asked_paper", "exemptions")
        ),
        *(Look(f"desk:{page}", "soan", (*of, group.id)) for page in ("asked_page", "add_question")),
        Look("desk:add_step", "soan", of),
        Look("desk:cases", "soan", (of_cases.pk,)),
        Look("desk:add_case", "soan", of),
        Look("desk:asked_case", "soan", (of_cases.pk, of_cases.definition.cases[0].id)),
        Look("desk:add_exemption", "soan", of),
        Look("desk:exemption", "soan", (exempt.pk, exempt.definition.exemptions[0].id)),
        Look("desk:asked_step", "soan", (*of, draft.definition.steps[1].id)),
        *(Look(f"desk:{page}_within", "soan", (of_levels, "above")) for page in ("steps", "add_step")),
        Look("desk:asked_question", "soan", (*of, group.fields[0].id)),
        Look("desk:page_when", "soan", (*of, draft.definition.form[1].id)),
        *(Look("desk:asked_about", "soan", (*of, asked.id, about)) for about in ("when", "filled", "held")),
        Look("desk:asked_paper_of", "soan", (*of, draft.definition.papers[0].id)),
        Look("desk:drift", "thong"),
        Look("desk:lists", "thong"),
        Look("desk:localise", "thong", (SET,)),
        Look("desk:restore", "thong", (Overlay.objects.get().pk,)),
        Look("desk:imported", "soan"),
        Look("desk:readiness", "soan"),
        Look("desk:readiness_of", "soan", (given.BIRTH,)),
    ]


def places(visitor):
    """Agencies merged."""
    given.agency(given.TA_VAN)
    given.account("pa")
    visitor("xep").post("/desk/reorganisations/new/", {"text": MERGER.format(on="2099-12-01")})
    plan = (Plan.objects.get().pk,)
    return [
        Look("desk:reorganisations", "xep"),
        Look("desk:begin_reorganisation", "xep"),
        Look("desk:plan_reorganisation", "xep"),
        *(
            Look("desk:reorganisation_part", "xep", (*plan, at))
            for at in ("old-0", "old-0-posts-0", "old-0-dossiers-add")
        ),
        Look("desk:reorganisation", "xep", plan),
        Look("desk:rewrite", "xep", plan),
    ]
