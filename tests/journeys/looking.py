"""What can be said of a page that has been drawn: faults of accessibility, wider than the screen or not."""

from axe_playwright_python.sync_playwright import Axe

PHONE = (360, "dark")
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}


class Looker:
    """Draws what someone has been shown again, on a narrow dark screen where scripts may measure it."""

    def __init__(self, chromium):
        self.screens = {PHONE: self._screen(chromium, *PHONE)}

    @staticmethod
    def _screen(chromium, width, scheme):
        size = {"width": width, "height": 740}
        return chromium.new_context(
            viewport=size, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
        ).new_page()

    def faults(self, page):
        """Of the page as it stands before someone, whatever they did to get there.

        On the screen where most goes wrong: the components of all pages are looked at on every screen in tests/ui.
        """
        url, body = page.url.partition("#")[0], page.content()
        return self._faults_on(PHONE, url, body)

    def _faults_on(self, screen, url, body):
        page = self.screens[screen]
        page.route(url, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
        page.goto(url)
        page.unroute(url)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = [
            f"{screen}: {fault['id']} {[node['target'] for node in fault['nodes']]}"
            for fault in Axe().run(page, options=RULES).response["violations"]
        ]
        width = page.evaluate("document.scrollingElement.scrollWidth")
        return found if width <= screen[0] else [*found, f"{screen}: {width} px wide"]
