"""What is plainly too large is refused before it is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.documents.intake import LARGEST

ROOM = 1024 * 1024  # for the other fields of the form


class SizeLimit:
    """Answers 413 to a request that says it is longer than the largest file we take."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if length(request) > LARGEST + ROOM:
            return render(request, "ui/413.html", status=413)
        return self.answer(request)


def length(request: HttpRequest) -> int:
    """What the request says of its length; a length that is no number is none."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdigit() else 0
