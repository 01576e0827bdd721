"""Signing in: the account library's form in our words."""

from ipaddress import ip_address
from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.idp.oidc.forms import AuthorizationForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SignIn(LoginForm):  # type: ignore[misc]
    """Personal number and password; nothing is remembered after the browser closes, since machines are shared."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Personal number"),
            help_text=_("The 12 digits on your identity card."),
            max_length=20,
            widget=forms.TextInput({"autocomplete": "username", "inputmode": "numeric"}),
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        """As on the card, where the digits stand in groups."""
        return "".join(str(super().clean_login()).split())

    def clean(self) -> Any:
        """A password that was handed out is good for some days only."""
        typed = super().clean()
        until = self.user.one_time_until if getattr(self, "user", None) else None
        if until is not None and until < timezone.now():
            raise forms.ValidationError(
                _("This one-time password has lapsed. You get another one at a one-stop desk.")
            )
        return typed


class Consent(AuthorizationForm):  # type: ignore[misc]
    """What a service may be told besides that it is the same person each time, without which it can do nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.fields["scopes"]
        asked.label, asked.required = _("What it is told"), False
        asked.widget.choices = [(scope, said) for scope, said in asked.choices if scope != "openid"]

    def clean_scopes(self) -> list[str]:
        return list(dict.fromkeys(["openid", *self.cleaned_data["scopes"]]))


class AddKey(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or security key; browsers make one for a name only, never for an address of digits (WebAuthn, 5.1.2)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = _("What you call this key")
        if reached_by_digits():
            name.help_text = _(
                "This page was opened by an address of digits: here no browser makes a key. Open it by its name."
            )


class RenameKey(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call this key")


def reached_by_digits() -> bool:
    """Whether the visitor came to an IP address; in the demo `localhost` is the name."""
    host = context.request.get_host().rpartition(":")[0] or context.request.get_host()
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
