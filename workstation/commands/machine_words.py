"""What IT does on a machine, before there are settings: install-settings, purge-machine, secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TextIO

from workstation.texts import N_, _

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

WORDS: Final = {
    "install-settings": N_("write the machine's settings, as the installer does"),
    "purge-machine": N_("remove the machine's settings, secrets, logs and crash reports"),
    "secret": N_("keep, list and delete the passwords that the settings name"),
}


def add(made: Mapping[str, ArgumentParser]) -> None:
    """Add what stands behind each of WORDS; an empty value is as good as none."""
    install = made["install-settings"]
    about = _("a settings file of this hub, whose keys are taken over")
    install.add_argument("--config", default="", metavar=_("FILE"), help=about)
    install.add_argument("--database-url", default="", metavar="URL", help="database.url")
    install.add_argument("--broker-url", default="", metavar="URL", help="broker.url")
    install.add_argument("--sip-address", default="", metavar="HOST", help="sip.address")
    about = _("hub.kommuner: the codes, with commas between them")
    install.add_argument("--kommuner", default="", metavar=_("CODES"), help=about)
    about = _("write nothing; exit code 4 when this cannot be installed here")
    install.add_argument("--check", action="store_true", help=about)
    secret = made["secret"]
    acts = secret.add_subparsers(dest="act", required=True, metavar="ACT")
    about = _("keep one; it is asked for, or read from standard input, and is never an argument")
    _add_name(acts.add_parser("set", help=about, description=about))
    about = _("list the names of those there are; no secret is shown")
    listed = acts.add_parser("list", help=about, description=about)
    listed.add_argument("--json", action="store_true", help=_("one JSON object a line"))
    about = _("delete one")
    _add_name(acts.add_parser("delete", help=about, description=about))


def _add_name(act: ArgumentParser) -> None:
    about = _("the name that the settings say in password_env")
    act.add_argument("name", metavar=_("NAME"), help=about)


def run(wanted: Namespace, *, out: TextIO, err: TextIO) -> int:
    """Do what is `wanted`; raises SettingsError and MachineFailed."""
    if wanted.word == "secret":
        from workstation.commands import secret  # noqa: PLC0415 - the window has no secrets to set

        return secret.run(wanted, out=out)
    from workstation.commands import install  # noqa: PLC0415 - as above

    if wanted.word == "purge-machine":
        return install.purge(out=out)
    if wanted.check:
        return install.check(install.given(wanted), err=err)
    return install.run(install.given(wanted), out=out)
