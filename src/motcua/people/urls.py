"""Addresses of sign-in and of one's own account; of the account library only what the state needs."""

from allauth.account import views as library
from django.urls import include, path

from motcua.people.views import account, arriving, vouching

# The library looks for its own addresses under these names.
IDENTITY = (
    [
        path(".well-known/openid-configuration", vouching.configuration, name="configuration"),
        path(".well-known/jwks.json", vouching.jwks, name="jwks"),
        path("identity/authorize", vouching.authorization, name="authorization"),
        path("identity/token", vouching.token, name="token"),
        path("identity/userinfo", vouching.userinfo, name="userinfo"),
        path("identity/logout", vouching.logout, name="logout"),
    ],
    "oidc",
)

urlpatterns = [
    path("", include(([path("", include(IDENTITY))], "idp"))),
    path("account/", account.account, name="account_home"),
    path("account/login/", library.login, name="account_login"),
    path("account/logout/", library.logout, name="account_logout"),
    path("account/inactive/", library.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", library.reauthenticate, name="account_reauthenticate"),
    path("account/password/", library.password_change, name="account_change_password"),
    path("account/identity/", arriving.begin, name="identity_begin"),
    path("account/identity/callback/", arriving.arrive, name="identity_arrive"),
    path("account/identity/logout/", arriving.told_of_end, name="identity_told_of_end"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", account.Sessions.as_view(), name="usersessions_list"),
    # Last of all: where a front door is switched on, its own page stands at this address.
    path("", account.node_home, name="node_home"),
]
