"""What befalls some dossiers: a fee paid from home, an agent with a mandate, another agency asked, a complaint."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from motcua.demo import gateway as bank
from motcua.demo.history.desk import Desk, settle
from motcua.demo.history.plots import Plot
from motcua.dossiers import actions
from motcua.dossiers.bearing import proof_of
from motcua.dossiers.models import Application, Dossier, Step
from motcua.lib.actors import Actor
from motcua.mandates import actions as mandates
from motcua.mandates.models import Mandate
from motcua.opinions import actions as opinions
from motcua.opinions.models import Question, Verdict
from motcua.organisations.models import Agency, calendar_for
from motcua.payments import actions as payments
from motcua.payments.actions.receiving import Money
from motcua.payments.models import Charge, Payment
from motcua.payments.providers import the_gateway
from motcua.people.models import Account
from motcua.petitions import actions as petitions
from motcua.petitions.models import Petition, Received
from motcua.procedures.models import Version

type Turn = Iterator[datetime]

BANK, RECEIPT = Actor.system("demo"), Actor.system("receipt")
ASKED = "Đề nghị cho ý kiến về nguồn gốc giấy tờ do cơ quan mình cấp trước đây."
THOUGHT = {
    Verdict.AGREES: "Giấy tờ đúng do cơ quan cấp, thông tin khớp với sổ lưu.",
    Verdict.CONDITIONALLY: "Thông tin khớp, đề nghị ghi rõ số, ngày cấp trong kết quả.",
}
COMPLAINED = {
    True: "Đã quá ngày hẹn mà tôi chưa nhận được kết quả, cũng không thấy ai báo.",
    False: "Cán bộ yêu cầu nộp thêm giấy tờ không có trong danh mục niêm yết.",
}
REPLIED = {
    True: "Ủy ban nhân dân xin lỗi vì trễ hẹn; đã nhắc bộ phận giải quyết và trả kết quả cho ông/bà.",
    False: "Đã kiểm tra: giấy tờ ấy không bắt buộc, đã hướng dẫn lại bộ phận tiếp nhận. Cảm ơn ông/bà đã phản ánh.",
}
RATINGS = ("overall", "convenience", "timeliness", "attitude")


def mandated(desk: Desk, plot: Plot, version: Version) -> tuple[Actor, Mandate | None]:
    """Who files: the person, or an agent who has just taken on their mandate."""
    if plot.agent is None:
        return desk.citizen(plot.person), None
    principal, agent = desk.citizen(plot.person), desk.citizen(plot.agent)
    mandate = mandates.offer(
        Mandate(
            id=UUID(int=plot.id.int ^ 2),
            kind=Mandate.Kind.PROXY,
            principal_number=plot.person.number,
            principal_name=plot.person.name,
            agent=Account.objects.get(pk=plot.agent.account),
            given_by=Account.objects.get(pk=plot.person.account),
            procedures=[version.code],
            valid_from=timezone.localdate(),
            valid_until=timezone.localdate() + timedelta(days=90),
        ),
        by=principal,
    )
    mandates.accept(mandate, by=agent)
    return agent, mandate


def paid_from_home(desk: Desk, plot: Plot, dossier: Dossier, chance: Random) -> Turn:
    """The fee comes by a scanned VietQR or through the bank's gateway, some hours later; from a few it never comes."""
    if plot.pays == "never":
        return
    yield desk.now + timedelta(hours=chance.uniform(0.1, 40))
    charge, reference = Charge.objects.about(dossier).get(), f"{plot.id.int % 10**10:010d}"
    terminal = gateway.terminal if (gateway := the_gateway()) else None
    if plot.pays == "gateway" and terminal:
        attempt = payments.attempt(charge, by=desk.citizen(plot.agent or plot.person), provider="gateway")
        line = bank.Taken(reference, attempt.order, attempt.amount, desk.now.isoformat(timespec="seconds"))
        bank.enter(line)
        payments.take_notice(terminal, bank.notice(terminal, line))
    else:
        source = Payment.Source.STATEMENT
        money = Money("vietqr", f"FT{reference}", charge.open, desk.now, source, purpose=charge.code)
        payments.read_statement([money], by=BANK, provider="vietqr")
    settle()
    dossier.refresh_from_db()


def asked_elsewhere(desk: Desk, asked: Desk, dossier: Dossier, step: Step, chance: Random) -> Turn:
    """Who examines asks another agency; it answers within its days, and the step can go on."""
    by = desk.officer(step.role, chance)
    agencies = list(Agency.objects.filter(code=asked.agency))
    [inquiry] = actions.consult(
        dossier, by=by, agencies=agencies, question=ASKED, papers=[], days=3, one_is_enough=False
    )
    settle()
    yield calendar_for(asked.agency).add_days(desk.now, chance.uniform(0.3, 2.8))
    verdict = chance.choice(list(THOUGHT))
    question = Question.objects.get(inquiry=inquiry.pk)
    role = next(role for role in ("specialist", "registrar", "chair") if asked.officers.get(role))
    opinions.answer_question(
        question, by=asked.officer(role, chance), verdict=verdict, answer=THOUGHT[verdict]
    )
    settle()
    dossier.refresh_from_db()


def complained(desk: Desk, plot: Plot, dossier: Dossier, chance: Random) -> Turn:
    """Some of those who waited too long complain to the head of the agency, a few of the others too; the head answers."""
    application = Application.objects.filter(pk=dossier.pk).first()
    was_late = dossier.was_on_time is False
    if application is None or plot.temper < (0.6 if was_late else 0.97):
        return
    by = desk.citizen(plot.agent or plot.person)
    written = petitions.petition(
        Petition(
            id=UUID(int=plot.id.int ^ 3),
            kind=Petition.Kind.COMPLAINT,
            account=application.account,
            application=application,
            agency=desk.agency,
            agency_name=desk.name,
            text=COMPLAINED[was_late],
        ),
        by=by,
    )
    settle()
    yield calendar_for(desk.agency).add_days(desk.now, chance.uniform(1, 12))
    received = Received.objects.get(pk=written.pk)
    petitions.reply(received, by=desk.officer("chair", chance), answer=REPLIED[was_late], upheld=was_late)


def rated(desk: Desk, plot: Plot, dossier: Dossier, chance: Random) -> None:
    """How it was, by whoever filed: on the dossier's page, or with the receipt of the counter."""
    worst = 1 if dossier.was_on_time is False else 2
    told = {name: chance.randint(worst, 3) for name in RATINGS}
    if dossier.was_filed_here:
        actions.rate_by_receipt(dossier, by=RECEIPT, digits=proof_of(dossier), rating=told)
    else:
        by = desk.citizen(plot.agent or plot.person)
        actions.rate(Application.objects.get(pk=dossier.pk), by=by, **told)
