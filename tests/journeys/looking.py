"""Looks at what someone in a story has before them, on a screen of its own."""

from tests.looking import PHONE, faults_of


class Looker:
    """Draws what someone has been shown again, on a narrow dark screen where scripts may measure it."""

    def __init__(self, chromium):
        context = chromium.new_context(**PHONE, reduced_motion="reduce", bypass_csp=True)
        self.screen = context.new_page()

    def faults(self, page):
        """Of the page as it stands before someone, whatever they did to get there."""
        url, body = page.url.partition("#")[0], page.content()
        self.screen.route(
            url, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
        )
        self.screen.goto(url)
        self.screen.unroute(url)
        return faults_of(self.screen)
