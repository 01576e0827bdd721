"""A procedure is changed in the browser by one person, approved by another, and is what citizens read from that day."""

import re
import secrets

from motcua.demo.journeys.story import Story
from motcua.demo.people import BY_KEY

SOAN, DUYET = BY_KEY["soan"].name, BY_KEY["duyet"].name
CODE = "1.004873"


def writing(story: Story) -> None:
    """One more word to find a procedure by: written, looked at, proposed, approved, found."""
    word = "giấy " + "".join(secrets.choice("abcdeghiklmnopqrstuvxy") for _letter in range(8))
    with story.step("Begins the next version", who=SOAN, node="vpcp"):
        writer = story.enter("soan")
        story.show(writer, "administrator-procedures", of="/desk/procedures/")
        writer.open(f"/desk/procedures/{CODE}/")
        writer.submit(to="/revise/")
        draft = re.search(r"/desk/drafts/[^/]+/", writer.page.path)
        address = draft[0] if draft else ""
        story.show(writer, "administrator-questions", of=f"{address}questions/")
    with story.step("Writes a word in its file", who=SOAN, node="vpcp"):
        writer.open(f"{address}write/")
        text = writer.form(has="text").values["text"]
        broken = writer.submit(
            {"text": text.replace("levels: [commune]", "levels: [district]")}, has="text", expect=422
        )
        story.show(writer, "administrator-fault")
        story.check("what does not hold is named by its line", True, "levels[1]" in broken.text)
        writer.submit({"text": text.replace("keywords: [", f"keywords: [{word}, ", 1)}, has="text")
        story.show(writer, "administrator-changes")
        story.check("the page shows what differs", True, word in writer.page.text)
    with story.step("Looks at the form, the picture and the facts as they will be", who=SOAN, node="vpcp"):
        preview = writer.open(f"{address}preview/")
        story.show(writer, "administrator-preview")
        story.check("the preview shows the way of the dossier", True, "Tiếp nhận hồ sơ" in preview.text)
    with story.step("Proposes it, and cannot approve it", who=SOAN, node="vpcp"):
        writer.open(address)
        writer.submit({"note": "Thêm từ khóa tìm kiếm."}, to="/propose/")
        story.check(
            "who wrote it finds no button to approve it",
            [],
            [form.action for form in writer.page.forms if "/approve/" in form.action],
        )
    with story.step("Approves it", who=DUYET, node="vpcp"):
        second = story.enter("duyet")
        second.open(address)
        story.show(second, "administrator-approve")
        second.submit(to="/approve/")
    with story.step("Finds it by the new word", who="–", node="vpcp"):
        anyone = story.visit("vpcp")
        story.until(
            lambda: CODE in anyone.open(f"/procedures/?q={word.replace(' ', '+')}").body.decode(),
            "the search never finds the new word",
        )
