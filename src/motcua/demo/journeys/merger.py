"""Two communes merge while a birth is under way: it goes on at the heir, with its code and its day, and everybody is told."""

import re

from motcua.demo.browser import Browser
from motcua.demo.journeys import acts
from motcua.demo.journeys.story import Story
from motcua.demo.nodes import SA_PA, TA_VAN
from motcua.demo.people import BY_KEY

MAY, PA, XEP, CHUAN, LAM = (BY_KEY[key].name for key in ("may", "pa", "xep", "chuan", "lam"))
TITLE = "Nhập xã Tả Van vào phường Sa Pa"
PLAN = f"""title: {TITLE}
decision: Nghị quyết trình diễn
on: {{day}}
kind: merge
old:
  - code: {TA_VAN}
    into: {SA_PA}
    posts:
      - {{{{roles: [chair], ends: true}}}}
"""


def merger(story: Story) -> None:
    """Tả Van is merged into Sa Pa: tried, approved by a second person, carried out; the dossier is finished there."""
    before = acts.delivered(story)
    application = acts.apply(story, agency=TA_VAN)
    with story.step("Receives the dossier at Tả Van", who=PA, node="laocai"):
        officer = acts.at_desk(story, "pa", application)
        officer.submit(to="/accept/")
        code = re.findall(rf"{re.escape(TA_VAN)}-\d{{6}}-\d{{4}}", officer.page.text)[0]
        due = due_on(officer)
    plan, moving = write(story)
    approve(story, plan, moving)
    with story.step(
        "Finds the dossier on Sa Pa's desk, its code and its day unchanged", who=LAM, node="laocai"
    ):
        heir = acts.at_desk(story, "lam", application)
        story.check("its code is the one Tả Van gave", True, code in heir.page.text)
        story.check("its day is the one Tả Van promised", due, due_on(heir))
        told = "Hồ sơ chuyển từ UBND xã Tả Van sang UBND phường Sa Pa"
        story.check("its story says from whom to whom", True, told in heir.page.text)
    with story.step("Follows by the old code, and reads who handles it now", who=MAY, node="vpcp"):
        anyone = story.visit("vpcp")
        story.until(
            lambda: "phường Sa Pa" in anyone.open(f"/tracking/{code}/").text,
            "the country never learns which agency handles the dossier",
        )
        story.until(
            lambda: "phường Sa Pa" in story.enter("may").open("/my/inbox/").text,
            "the mother is never told",
        )
    with story.step("Examines it there, as an officer of Sa Pa now", who=PA, node="laocai"):
        officer = acts.at_desk(story, "pa", application)
        officer.submit({"opinion": "Đủ điều kiện đăng ký khai sinh."}, to="/propose/")
    acts.await_others(story, application)
    acts.sign(story, application)
    acts.take_result(story, application)
    acts.check_end(story, code, before=before)


def write(story: Story) -> tuple[str, int]:
    """The province's administrator writes the plan and tries it; return its address and how many dossiers would move."""
    with story.step("Writes the plan and tries it: nothing moves", who=XEP, node="laocai"):
        writer = story.enter("xep")
        writer.open("/desk/reorganisations/new/")
        typed = str(writer.form(has="text").values["text"])
        day = re.findall(r"on: (\d{4}-\d{2}-\d{2})", typed)[0]
        writer.submit({"text": PLAN.format(day=day)}, has="text")
        story.show(writer, "administrator-plan")
        moving = int(next(iter(re.findall(r"(\d+) hồ sơ sẽ chuyển", writer.page.text)), "0"))
        story.check("the trial says what would move", True, moving >= 1)
        own = [form.action for form in writer.page.forms if "/authorise/" in form.action]
        story.check("who wrote it cannot approve it", [], own)
    return writer.page.path, moving


def approve(story: Story, plan: str, moving: int) -> None:
    """A second administrator approves; its day is today, and it is carried out."""
    with story.step("Approves it; it is carried out", who=CHUAN, node="laocai"):
        approver = story.enter("chuan")
        approver.open(plan)
        approver.submit(to="/authorise/")
        story.until(
            lambda: f"{moving} hồ sơ đã chuyển." in approver.open(plan).text,
            "the plan is not carried out",
            patience=150,
        )


def due_on(officer: Browser) -> str:
    """The day promised, as the dossier's page says it."""
    return str(next(iter(re.findall(r"\d{2}/\d{2}/\d{4}", officer.page.text)), ""))
