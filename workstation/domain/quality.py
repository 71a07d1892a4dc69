"""How good a call sounds, estimated from what its packets went through (ITU-T G.107, G.113)."""

from typing import Final

from workstation.domain.call import Quality

_BEST_R: Final = 93.2
"""R of a call without any fault, with the default values of ITU-T G.107 (table 2)."""
_LATE_MS: Final = 177.3
"""From here on delay disturbs the conversation itself (Cole and Rosenbluth, 2001, for G.107's Idd)."""
_SAMPLES_AND_CODING_MS: Final = 30.0
"""A packet of 20 ms and a codec's look-ahead."""
_ROBUSTNESS: Final = 25.1
"""Bpl of G.711 with packet loss concealment (G.113, appendix I), which our library has for all."""
_WORST: Final = 1.0
_BEST_MOS: Final = 4.5


def quality_of(*, packets: int, lost: int, jitter_ms: float, round_trip_ms: float) -> Quality:
    """Return the quality of a call of which `packets` came and `lost` did not.

    Figures beyond what can be (a counter below zero) count as nothing.
    """
    came, missed = max(0, packets), max(0, lost)
    loss = 100.0 * missed / (came + missed) if came + missed else 0.0
    jitter, trip = max(0.0, jitter_ms), max(0.0, round_trip_ms)
    score = mos(loss_percent=loss, delay_ms=trip / 2 + 2 * jitter + _SAMPLES_AND_CODING_MS)
    return Quality(mos=score, loss_percent=loss, jitter_ms=jitter, round_trip_ms=trip)


def mos(*, loss_percent: float, delay_ms: float) -> float:
    """Return the mean opinion score, 1.0 to 4.5, by the E-model's short form.

    R = 93.2 - Id - Ie,eff; Id = 0.024 d + 0.11 (d - 177.3) where d is beyond 177.3 ms, and
    Ie,eff = 95 P / (P + Bpl) (G.107, 7.5, for Ie = 0 and random loss). The score of R is G.107's
    annex B. Wide-band codecs sound better than this scale can say.
    """
    delay = 0.024 * delay_ms + 0.11 * max(0.0, delay_ms - _LATE_MS)
    loss = 95.0 * loss_percent / (loss_percent + _ROBUSTNESS)
    r = min(100.0, max(0.0, _BEST_R - delay - loss))
    score = 1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6
    return min(_BEST_MOS, max(_WORST, score))
