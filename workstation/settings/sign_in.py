"""Who may sit at a desk: the keys of [sign_in]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from workstation.settings import forms
from workstation.settings.forms import choice, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """The identity provider that says who people are (OpenID Connect)."""

    issuer: Annotated[str | None, forms.issuer]
    name: Annotated[str | None, forms.optional_text]
    """What the button calls it; None for its host."""
    client_id: Annotated[str | None, forms.optional_text]
    client_secret_env: Annotated[str | None, forms.variable]
    scopes: Annotated[tuple[str, ...], forms.texts]
    name_claim: Annotated[str, forms.text]
    groups_claim: Annotated[str, forms.text]
    ca_file: Annotated[str | None, forms.optional_text]
    roles: Annotated[dict[str, str], forms.group_roles]
    """A role for each group that has one."""
    kommuner: Annotated[dict[str, tuple[str, ...]], forms.group_kommuner]
    """The kommuner that each group serves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSettings:
    """Who may sit at this desk, and how they show who they are."""

    kind: Annotated[
        Literal["auto", "password", "oidc", "off"], choice("auto", "password", "oidc", "off")
    ]
    password_env: Annotated[str | None, forms.variable]
    tries: Annotated[int, whole(3, 20)]
    lock_min: Annotated[int, whole(1, 24 * 60)]
    lock_after_min: Annotated[int, whole(1, 24 * 60)]
    offline_h: Annotated[int, whole(1, 72)]
    oidc: OidcSettings
