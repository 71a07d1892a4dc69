"""A real identity provider: Keycloak, fetched by Maven, prepared once and kept in the user's cache."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import httpx

from tests.peers.process import PeerProcess, free_port, program

VERSION: Final = "26.7.3"
"""The newest that runs on Debian 12's Java 17."""
COORDINATES: Final = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
# Read when this is imported: the tests' own folders are put in place later.
CACHE: Final = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "eteam-workstation"
)
REALM: Final = "hub"
ADMIN: Final = ("admin", "admin-of-a-test")
PASSWORD: Final = "tre-lamper-og-en-bil"
_HEALTHY_S: Final = 180.0
_JAVA: Final = "-XX:TieredStopAtLevel=1 -Xms64m -Xmx512m"
"""Half the time to start: it does not live long enough for the better compiler to pay."""


def person(name: str, *groups: str, display: str = "") -> dict[str, Any]:
    first, _, last = (display or name.capitalize()).partition(" ")
    return {
        "username": name,
        "enabled": True,
        "firstName": first,
        "lastName": last or "Test",
        "email": f"{name}@hub.example",
        "emailVerified": True,
        "credentials": [{"type": "password", "value": PASSWORD}],
        "groups": list(groups),
    }


def client(name: str, **more: Any) -> dict[str, Any]:
    return {
        "clientId": name,
        "enabled": True,
        "publicClient": True,
        "standardFlowEnabled": True,
        "directAccessGrantsEnabled": False,
        "redirectUris": ["http://127.0.0.1/*"],
        "attributes": {"pkce.code.challenge.method": "S256"},
        "protocolMappers": [
            {
                "name": "groups",
                "protocol": "openid-connect",
                "protocolMapper": "oidc-group-membership-mapper",
                "config": {
                    "claim.name": "groups",
                    "full.path": "true",
                    "id.token.claim": str("secret" not in more).lower(),
                    "access.token.claim": "false",
                    "userinfo.token.claim": "true",
                },
            }
        ],
        **more,
    }


_DESK: Final = ("operators", "night", "supervisors", "it")
HUB: Final[dict[str, Any]] = {
    "realm": REALM,
    "enabled": True,
    "sslRequired": "none",
    "groups": [
        {"name": "desk", "subGroups": [{"name": name} for name in _DESK]},
        *({"name": name} for name in ("haderslev", "hjorring", "kitchen")),
    ],
    "users": [
        person("anna", "/desk/operators", "/haderslev", display="Anna Holm"),
        person("bo", "/desk/supervisors", "/haderslev", "/hjorring"),
        person("eva", "/desk/night", "/haderslev"),
        person("cook", "/kitchen"),
    ],
    "clients": [
        client("workstation"),
        client("confidential", publicClient=False, secret="kept-by-it"),
        client("another"),
    ],
}
"""The realm of the tests; `confidential` tells the groups only by its userinfo."""


class Keycloak:
    """A running server of its own data on a free loopback port; takes some seconds to start."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="keycloak-"))
        self._process: PeerProcess | None = None

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.root}/realms/{REALM}"

    def start(self) -> None:
        home = self._folder / "keycloak"
        if not home.exists():
            shutil.copytree(prepared(), home, copy_function=_linked)
        self._process = _started(home, self.port)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def sessions(self, name: str) -> int:
        """Return how many sessions somebody has there."""
        with self._admin() as admin:
            found = admin.get("/users", params={"username": name, "exact": "true"}).json()
            return len(admin.get(f"/users/{found[0]['id']}/sessions").json())

    def put_into(self, name: str, *groups: str) -> None:
        """Have somebody be in these groups and no others."""
        with self._admin() as admin:
            user = admin.get("/users", params={"username": name, "exact": "true"}).json()[0]["id"]
            for one in admin.get(f"/users/{user}/groups").json():
                admin.delete(f"/users/{user}/groups/{one['id']}").raise_for_status()
            for path in groups:
                group = admin.get(f"/group-by-path{path}").json()["id"]
                admin.put(f"/users/{user}/groups/{group}").raise_for_status()

    def new_keys(self) -> None:
        """Sign with a new key from now on, and show only that."""
        with self._admin() as admin:
            realm = admin.get("").json()["id"]
            found = admin.get(
                "/components", params={"type": "org.keycloak.keys.KeyProvider"}
            ).json()
            for one in found:
                if one["providerId"] == "rsa-generated":
                    admin.delete(f"/components/{one['id']}").raise_for_status()
            component = {
                "name": "newer",
                "parentId": realm,
                "providerId": "rsa-generated",
                "providerType": "org.keycloak.keys.KeyProvider",
                "config": {"priority": ["200"], "enabled": ["true"], "active": ["true"]},
            }
            admin.post("/components", json=component).raise_for_status()

    def _admin(self) -> httpx.Client:
        form = {
            "grant_type": "password",
            "client_id": "admin-cli",
            "username": ADMIN[0],
            "password": ADMIN[1],
        }
        url = f"{self.root}/realms/master/protocol/openid-connect/token"
        token = httpx.post(url, data=form, trust_env=False).raise_for_status().json()
        return httpx.Client(
            base_url=f"{self.root}/admin/realms/{REALM}",
            headers={"Authorization": f"Bearer {token['access_token']}"},
            trust_env=False,
            timeout=30,
        )


class Person:
    """Somebody at a browser of their own, who fills in the provider's form."""

    def __init__(self, name: str, password: str = PASSWORD) -> None:
        self.name = name
        self.password = password
        self._cookies: dict[str, str] = {}
        self._browser = httpx.Client(follow_redirects=False, trust_env=False, timeout=30)

    def open(self, url: str) -> str:
        """Sign in; return the address that the provider sends the browser to, not yet opened."""
        page = self._ask("GET", url)
        while page.is_redirect:
            page = self._ask("GET", urljoin(str(page.url), page.headers["location"]))
        form = re.search(r'<form[^>]*action="([^"]+)"', page.text)
        assert form is not None, f"no form at {url}: {page.status_code}\n{page.text[:2000]}"
        filled = {"username": self.name, "password": self.password}
        answer = self._ask("POST", unescape(form[1]), filled)
        assert answer.is_redirect, f"not let in: {answer.status_code}\n{answer.text[:2000]}"
        return answer.headers["location"]

    def bring(self, location: str) -> httpx.Response:
        """Go where the provider sent the browser."""
        return self._browser.get(location)

    def close(self) -> None:
        self._browser.close()

    def _ask(self, method: str, url: str, form: Mapping[str, str] | None = None) -> httpx.Response:
        # As browsers do, and httpx does not: this machine is safe enough for a Secure cookie.
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = self._browser.request(method, url, data=form, headers={"Cookie": cookies})
        self._browser.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer


def prepared() -> Path:
    """Return an unpacked Keycloak that has the realm already; fetches and prepares it at first."""
    text = json.dumps(HUB, sort_keys=True)
    stamp = hashlib.sha256(f"{VERSION} {_JAVA} {text}".encode()).hexdigest()[:12]
    home = CACHE / f"keycloak-{VERSION}-{stamp}"
    if home.is_dir():
        return home
    CACHE.mkdir(parents=True, exist_ok=True)
    for older in CACHE.glob("keycloak-*-*/"):
        shutil.rmtree(older, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        with zipfile.ZipFile(_fetched()) as archive:
            archive.extractall(work)
        fresh = next(Path(work).glob("keycloak-*"))
        (fresh / "bin" / "kc.sh").chmod(0o755)
        realm = fresh / "data" / "import" / "hub.json"
        realm.parent.mkdir(parents=True)
        realm.write_text(text, encoding="utf-8")
        _started(fresh, free_port(), "--import-realm").terminate(30)
        with suppress(OSError):  # another run may have been quicker
            fresh.rename(home)
    return home


def _fetched() -> Path:
    archive = CACHE / f"keycloak-quarkus-dist-{VERSION}.zip"
    if archive.is_file():
        return archive
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        command = [program("mvn"), "-B", "-q", "-ntp", "dependency:copy"]
        command += [f"-Dartifact={COORDINATES}", f"-DoutputDirectory={work}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        fetched = Path(work) / archive.name
        assert fetched.is_file(), f"Keycloak could not be fetched:\n{done.stdout}{done.stderr}"
        fetched.rename(archive)
    return archive


def _started(home: Path, port: int, *more: str) -> PeerProcess:
    command = [home / "bin" / "kc.sh", "start-dev", "--http-host=127.0.0.1"]
    command += [f"--http-port={port}", "--cache=local", "--log-level=warn", *more]
    environ: Mapping[str, str] = {
        **os.environ,
        "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN[0],
        "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN[1],
        "JAVA_OPTS_APPEND": _JAVA,
    }
    process = PeerProcess(command, env=environ)
    url = f"http://127.0.0.1:{port}/realms/{REALM}/.well-known/openid-configuration"

    def answers() -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(url, trust_env=False, timeout=5).status_code == 200
        return False

    return process.ready(answers, timeout=_HEALTHY_S)


def _linked(source: str, target: str) -> None:
    """Copy what the server writes, link what it only reads."""
    if f"{os.sep}data{os.sep}" not in source:
        with suppress(OSError):  # another file system
            os.link(source, target)
            return
    shutil.copy2(source, target)


if __name__ == "__main__":
    print(prepared())
