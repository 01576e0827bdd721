"""A lawyer signs her form by a remote signing service; the province sees whose signature it is, and that it holds."""

from motcua.demo.journeys.acts import at_desk, photograph
from motcua.demo.journeys.story import Story
from motcua.demo.journeys.typing import answer_all
from motcua.demo.people import BY_KEY
from motcua.demo.signer import PIN

MAY, HANH = BY_KEY["may"], BY_KEY["hanh"].name
LAWYER, PROVINCE = "1.002153", "H38"
ANSWERS = {"applicant_phone": "0912345678", "card": "00000/LS", "employer": "Công ty TNHH Hoa Ban"}


def signing(story: Story) -> None:
    """A wrong PIN signs nothing; the right one does, and the officer reads it beside the dossier."""
    with story.step("Fills in the form and adds the contract", who=MAY.name, node="vpcp"):
        citizen = story.enter("may")
        citizen.open(f"/procedures/{LAWYER}/begin/")
        form = citizen.form(has="agency")
        citizen.submit(
            {"agency": PROVINCE} | ({"may_read": "on"} if "may_read" in form.names else {}), has="agency"
        )
        answer_all(citizen, ANSWERS)
        application = citizen.page.path.split("/")[2]
        citizen.open(f"/applications/{application}/papers/")
        paper = ("hop-dong.png", photograph(), "image/png")
        citizen.submit(has="file", to="papers", files={"file": paper})
    with story.step("Has the form signed by the service that keeps her key", who=MAY.name, node="vpcp"):
        check = f"/applications/{application}/check/"
        citizen.open(check)
        story.show(citizen, "citizen-sign", at="#signature")
        citizen.submit(to="/sign/start/")
        citizen.follow(to="/demo/signing/")
        refused = citizen.submit({"pin": "1", "manner": "good"}, has="pin", expect=422)
        story.check("a wrong PIN signs nothing", True, "PIN" in refused.text)
        citizen.submit({"pin": PIN, "manner": "good"}, has="pin")
        story.check(
            "the page says that the form is signed", True, "Tờ khai đã được ký số" in citizen.page.text
        )
        citizen.open(check)
        citizen.submit(to="/send/")
    with story.step("Sees the signature beside the dossier", who=HANH, node="laocai"):
        officer = at_desk(story, "hanh", application)
        story.show(officer, "officer-signature", at=".notice.ok")
        story.check("the desk says who signed", True, MAY.name in officer.page.text)
        story.check("and that the signature holds", True, "Tờ khai đã ký số" in officer.page.text)
