"""A build hands out no MSI that breaks a rule or is not as its bill says."""

from pathlib import Path

import pytest

from installer import judging, msi_checks, sbom_checks
from installer.msi_tables import Msi, UnreadableMsiError
from installer.shop import BuildFailedError

MSI = Path("probe.msi")


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What each judge says; nothing until a test puts it there."""
    said: dict[str, list[str]] = {"tables": [], "bill": []}
    monkeypatch.setattr(judging, "read", lambda _: Msi(tables={}))
    monkeypatch.setattr(msi_checks, "complaints", lambda _: said["tables"])
    monkeypatch.setattr(sbom_checks, "complaints", lambda *_: said["bill"])
    return said


def test_what_is_right_is_handed_out(findings: dict[str, list[str]]) -> None:
    judging.judge(MSI, {})


@pytest.mark.parametrize("judge", ["tables", "bill"])
def test_what_one_judge_finds_ends_the_build(judge: str, findings: dict[str, list[str]]) -> None:
    findings[judge].append("ICE03: a fault")
    with pytest.raises(BuildFailedError, match=r"probe.msi is not handed out:\nICE03: a fault"):
        judging.judge(MSI, {})


def test_what_cannot_be_read_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_: Path) -> Msi:
        raise UnreadableMsiError("msiinfo is not installed")

    monkeypatch.setattr(judging, "read", unreadable)
    with pytest.raises(BuildFailedError, match="msiinfo is not installed"):
        judging.judge(MSI, {})


def test_on_windows_the_bill_is_judged_by_itself(
    monkeypatch: pytest.MonkeyPatch, findings: dict[str, list[str]]
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(BuildFailedError, match="the bill has no serial number"):
        judging.judge(MSI, {})
