"""What a visit remembers of others does not outlive what the visitor does."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from motcua.portal.readings import forget


class Afresh:
    """After whatever somebody did here, the registers are asked again who has read their data: it may have been a reading."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and settings.SESSION_COOKIE_NAME in request.COOKIES:
            forget(request.session)
        return self.answer(request)
