"""Fill in a form page after page, only what is still empty."""

from collections.abc import Mapping

from motcua.demo.browser import Browser, LostError


def answer_all(citizen: Browser, answers: Mapping[str, str]) -> None:
    """Until the questions are over; what the story does not care about takes the first choice."""
    while "/form/" in citizen.page.path:
        here, form = citizen.page.path, citizen.form(has="csrfmiddlewaretoken")
        known = {**form.choices, **answers}
        citizen.submit(
            {name: known[name] for name in form.names if name in known and not form.values.get(name)}
        )
        if citizen.page.path == here:
            raise LostError(f"{here} was not accepted: {citizen.page.text[:800]}")
