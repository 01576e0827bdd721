"""Someone at a screen, without scripts: reads, types, presses buttons."""

from motcua.demo.people import BY_KEY
from tests.country.land import until

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Walker:
    """A person at one node. `complaints` is all the browser wrote into its console: blocked styles, failed loads."""

    def __init__(self, chromium, root, *, screen=PHONE):
        self.context = chromium.new_context(
            base_url=root, viewport=screen, java_script_enabled=False, locale="vi-VN", color_scheme="light"
        )
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", lambda message: self.complaints.append(message.text))

    def sign_in(self, key):
        """By one click on an invented person, and one on the button."""
        self.open("/account/login/")
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        self.page.get_by_role("radio", name=BY_KEY[key].name).check()
        self.press("Vào")

    def open(self, path):
        return self.page.goto(path)

    def press(self, name):
        self.click(self.page.get_by_role("button", name=name).first)

    def follow(self, name):
        self.click(self.page.get_by_role("link", name=name).first)

    def click(self, place):
        """On what leads to another page; that page is there when this returns."""
        with self.page.expect_navigation():
            place.click()

    def give(self, name, content, media):
        """A file, in the page's first field for one."""
        field = self.page.locator("input[type=file]").first
        field.set_input_files({"name": name, "mimeType": media, "buffer": content})

    def answer(self, known):
        """Fill in what is still empty on this page and is seen; return the names of what was filled in already."""
        fields = self.page.locator("main [name]").all()
        names = dict.fromkeys(field.get_attribute("name") for field in fields)
        return [name for name in names if name in known and not self._put(name, known[name])]

    def _put(self, name, value):
        """Whether there was anything to do."""
        field = self.page.locator(f'main [name="{name}"]')
        if field.first.get_attribute("type") == "radio":
            is_open = self.page.locator(f'main [name="{name}"]:checked').count() == 0
            if is_open:
                self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            return is_open
        if field.input_value():
            return False
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
        return True

    def wait_for(self, words):
        """Look again and again until the page says so."""
        until(
            lambda: words in self.read_again(), 90, or_tell=lambda: f"{self.page.url} never said “{words}”."
        )

    def wait_at(self, path, selector):
        """Come again and again until the page has it."""
        until(lambda: self.has(path, selector), 90, or_tell=lambda: f"{self.page.url} never had {selector}.")

    def has(self, path, selector):
        self.open(path)
        return self.page.locator(selector).count()

    def read_again(self):
        self.page.reload()
        return self.text

    def download(self, name):
        """What a link leads to, saved."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("link", name=name).click()
        return coming.value.path().read_bytes()

    @property
    def heading(self):
        return self.page.locator("h1").inner_text()

    @property
    def text(self):
        return self.page.locator("main").inner_text()

    def texts(self, selector):
        return [" ".join(one.split()) for one in self.page.locator(selector).all_inner_texts()]
