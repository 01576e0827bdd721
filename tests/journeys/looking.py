"""Looks at what someone in a story has before them, on a screen of its own."""

from tests.looking import Glass


class Looker:
    """Draws what someone has been shown again, on a narrow dark screen where scripts may measure it."""

    def __init__(self, chromium):
        self.glass = Glass(chromium)

    def faults(self, page):
        """Of the page as it stands before someone, whatever they did to get there."""
        return self.glass.faults(page.content())
