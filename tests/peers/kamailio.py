"""A real Kamailio on free loopback ports: registrar with digest, forking proxy, over UDP, TCP and TLS."""

from __future__ import annotations

import os
import re
import signal
import socket
from collections.abc import Mapping
from pathlib import Path

from tests.peers.certificates import Pair
from tests.peers.process import PeerProcess, accepts, free_port, program

DOMAIN = "kommune.test"
_MODULES = (
    "pv", "kex", "tm", "tmx", "sl", "rr", "maxfwd", "usrloc", "registrar", "auth", "xlog",
    "textops", "siputils", "nathelper",
)  # fmt: skip
_CONFIG = """#!KAMAILIO
debug=0
log_stderror=yes
fork=yes
children=2
tcp_children=2
disable_tcp=no
enable_tls={has_tls}
auto_aliases=no
alias="{domain}"
listen=udp:127.0.0.1:{port}
listen=tcp:127.0.0.1:{port}
{listen_tls}
{load}
modparam("usrloc", "db_mode", 0)
modparam("registrar", "max_expires", {expires_s})
modparam("registrar", "method_filtering", 0)
modparam("rr", "enable_full_lr", 1)
modparam("auth", "nonce_expire", 300)
modparam("tm", "fr_timer", 5000)
modparam("tm", "fr_inv_timer", 60000)
request_route {{
    if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
    force_rport();
    if (is_method("CANCEL")) {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
    if (has_totag()) {{
        if (loose_route()) {{ t_relay(); exit; }}
        if (is_method("ACK") && !t_check_trans()) {{ exit; }}
        if (is_method("ACK")) {{ t_relay(); exit; }}
        sl_send_reply("404", "Not here"); exit;
    }}
    if (is_method("REGISTER")) {{
        if ($td != "{domain}" || !({known})) {{ sl_send_reply("404", "Not Found"); exit; }}
        {register_checks}
        xlog("L_ALERT", "registered $tU by $proto for $expires(max)\\n");
        save("location");
        exit;
    }}
    if (is_method("INVITE|MESSAGE") && ({known_from})) {{
        {call_checks}
        consume_credentials();
    }}
    if (is_method("INVITE|SUBSCRIBE")) {{ record_route(); }}
    if ($rd == "{domain}" || uri == myself) {{
        if (!lookup("location")) {{ sl_send_reply("480", "Nobody there"); exit; }}
    }}
    t_relay();
}}
"""
_CHECK = """if (!pv_{kind}_authenticate("{domain}", "$var(secret)", "0")) {{
            {kind}_challenge("{domain}", "0"); exit;
        }}"""


class Kamailio:
    """Knows `users` (name and password) in the domain `DOMAIN`; whoever is registered can be called.

    A user with several registrations rings everywhere at once, and the first to answer has the call.
    A name that is not among them is refused with 404.
    """

    def __init__(
        self,
        folder: Path,
        users: Mapping[str, str],
        *,
        tls: Pair | None = None,
        expires_s: int = 60,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = _both_free()
        self.tls_port = free_port() if tls is not None else 0
        self._folder = folder
        self._users = users
        self._expires_s = expires_s
        self._process: PeerProcess | None = None
        self.present(tls)

    @property
    def address(self) -> str:
        """Where it takes UDP and TCP."""
        return f"127.0.0.1:{self.port}"

    @property
    def tls_address(self) -> str:
        """Where it takes TLS, by the name that is in a good certificate."""
        return f"localhost:{self.tls_port}"

    @property
    def output(self) -> str:
        return "" if self._process is None else self._process.output

    def registrations(self, user: str, *, by: str = "") -> int:
        """Return how often `user` has registered (or left) since the start, e.g. by `tls`."""
        return len(re.findall(rf"registered {user} by {by}", self.output, re.IGNORECASE))

    def present(self, tls: Pair | None) -> None:
        """Show this certificate from the next start on."""
        load = [*(_MODULES if tls is None else ("tls", *_MODULES))]
        more = "" if tls is None else (
            f'modparam("tls", "certificate", "{tls.certificate}")\n'
            f'modparam("tls", "private_key", "{tls.key}")\n'
            'modparam("tls", "verify_certificate", 0)\n'
            'modparam("tls", "tls_method", "TLSv1.2+")\n'
        )  # fmt: skip
        config = _CONFIG.format(
            domain=DOMAIN,
            port=self.port,
            has_tls="no" if tls is None else "yes",
            listen_tls="" if tls is None else f"listen=tls:127.0.0.1:{self.tls_port}",
            load="\n".join(f'loadmodule "{name}.so"' for name in load) + "\n" + more,
            expires_s=self._expires_s,
            known=" || ".join(f'$tU == "{user}"' for user in self._users),
            known_from=" || ".join(f'$fU == "{user}"' for user in self._users),
            register_checks=self._secrets("$tU") + _CHECK.format(kind="www", domain=DOMAIN),
            call_checks=self._secrets("$fU") + _CHECK.format(kind="proxy", domain=DOMAIN),
        )
        (self._folder / "kamailio.cfg").write_text(config, encoding="utf-8")

    def start(self) -> None:
        command = [program("kamailio"), "-DD", "-E", "-f", self._folder / "kamailio.cfg"]
        command += ["-m", "32", "-M", "4", "-w", self._folder, "-Y", self._folder]
        process = PeerProcess(command, cwd=self._folder)
        self._process = process.ready(lambda: accepts(self.tls_port or self.port))

    def stop(self) -> None:
        """End it with all its registrations, which it keeps in memory only."""
        if self._process is not None:
            # Asked to end, its processes now and then wait for each other for ever; and the one that
            # is killed leaves its children behind.
            os.kill(self._process.pid, signal.SIGSTOP)
            for child in _children(self._process.pid):
                os.kill(child, signal.SIGKILL)
            self._process.kill()
            self._process = None

    def _secrets(self, name: str) -> str:
        """Return the lines that put the password of the user called `name` into `$var(secret)`."""
        lines = ['$var(secret) = "";']
        lines += [
            f'if ({name} == "{user}") {{ $var(secret) = "{password}"; }}'
            for user, password in self._users.items()
        ]
        return "\n        ".join(lines) + "\n        "


def _children(pid: int) -> list[int]:
    own = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [one for child in own for one in (int(child), *_children(int(child)))]


def _both_free() -> int:
    """Return a port that is free for UDP and TCP."""
    while True:
        port = free_port(socket.SOCK_DGRAM)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
