"""Questions to the identity provider's web server; only ever called beside the loop."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec

from workstation.application.proving import SignInRefused
from workstation.wire import certificates

_THIS_MACHINE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST: Final = 1024 * 1024
_TOTAL_S: Final = 15.0
_TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)


class Web:
    """Asks for JSON over verified TLS; follows nobody elsewhere, and takes no more than it must."""

    def __init__(self, ca_file: str | None) -> None:
        """`ca_file` (PEM) is what the provider's certificate is checked against, None: the system's."""
        self._ca_file = ca_file
        self._context: ssl.SSLContext | None = None

    def get(self, url: str, *, bearer: str | None = None) -> tuple[int, dict[str, Any]]:
        """Return the status and the JSON object at `url`; raises as `post`."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self._ask("GET", url, headers=headers)

    def post(
        self, url: str, form: Mapping[str, str], login: tuple[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Return the status and the JSON object that a form is answered with, `{}` for no object.

        Raises SignInRefused: `provider_away`, `provider_untrusted` (`why`, a reason of
        `wire.certificates`), or `provider_garbled`.
        """
        return self._ask("POST", url, form=form, login=login)

    def _ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        login: tuple[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        if not is_safe(url):
            raise SignInRefused("provider_garbled")
        host = urlsplit(url).hostname or ""
        auth = httpx.BasicAuth(*login) if login else None
        # What the system says of proxies counts, but not for this machine itself.
        proxied = host not in _THIS_MACHINE
        with httpx.Client(verify=self._verified(), timeout=_TIMEOUT, trust_env=proxied) as client:
            try:
                request = client.build_request(method, url, headers=headers, data=form)
                return self._answered(client, request, auth)
            except httpx.HTTPError as error:
                raise _failure(error, host) from error
            except (httpx.InvalidURL, ValueError) as error:
                raise SignInRefused("provider_garbled") from error

    def _answered(
        self, client: httpx.Client, request: httpx.Request, auth: httpx.BasicAuth | None
    ) -> tuple[int, dict[str, Any]]:
        until = time.monotonic() + _TOTAL_S
        answer = client.send(request, auth=auth, stream=True, follow_redirects=False)
        try:
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > _LONGEST or time.monotonic() > until:
                    raise SignInRefused("provider_garbled")
        finally:
            answer.close()
        return answer.status_code, _object(body)

    def _verified(self) -> ssl.SSLContext:
        if self._context is None:
            try:
                context = ssl.create_default_context(cafile=self._ca_file)
            except OSError as error:  # no certificates, or no file any more
                raise SignInRefused("provider_untrusted", why=certificates.OTHER) from error
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            self._context = context
        return self._context


def is_safe(url: str) -> bool:
    """Whether what is sent to `url` can be read by nobody on the way: TLS, or this machine itself.

    Nothing else is ever opened either, in a browser: it could be a program's name.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for what is none
    except ValueError:
        return False
    here = parts.scheme == "http" and parts.hostname in _THIS_MACHINE
    return bool(parts.hostname) and (parts.scheme == "https" or here)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _failure(error: Exception, host: str) -> SignInRefused:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = certificates.reason(cause.verify_code)
            return SignInRefused("provider_untrusted", host=host, why=why)
        cause = cause.__cause__ or cause.__context__
    return SignInRefused("provider_away", host=host)
