"""Signing in: the account library's form in our words."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.idp.oidc.forms import AuthorizationForm
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
