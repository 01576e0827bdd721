"""What can be said of a page that has been drawn: faults of accessibility, wider than the screen or not."""

from axe_playwright_python.sync_playwright import Axe

WIDE, PHONE = (1280, "light"), (360, "dark")
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}


class Looker:
    """Draws what someone has been shown again, on a wide light and on a narrow dark screen, where scripts may measure it."""

    def __init__(self, chromium):
        self.screens = {screen: self._screen(chromium, *screen) for screen in (WIDE, PHONE)}

    @staticmethod
    def _screen(chromium, width, scheme):
        size = {"width": width, "height": 740}
        return chromium.new_context(
            viewport=size, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
        ).new_page()

    def faults(self, page, screens=(WIDE, PHONE)):
        """Of the page as it stands before someone, whatever they did to get there."""
        url, body = page.url.partition("#")[0], page.content()
        return [fault for screen in screens for fault in self._faults_on(screen, url, body)]

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
