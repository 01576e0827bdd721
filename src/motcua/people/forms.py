"""Signing in: the account library's form in our words."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignIn(LoginForm):  # type: ignore[misc]
    """Personal number and password; nothing is remembered after the browser closes, since machines are shared."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.fields["login"]
        number.label, number.help_text = _("Personal number"), _("The 12 digits on your identity card.")
        number.widget.attrs = {"autocomplete": "username", "inputmode": "numeric", "maxlength": 20}
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        """As on the card, where the digits stand in groups."""
        return "".join(str(super().clean_login()).split())
