"""Sentences for a telephone that does not work, and for what it will not dial."""

from typing import Final

from workstation.texts import N_

LINE: Final = {
    "off": N_(
        "The telephone is switched off in the settings; use another telephone, or ask IT to set "
        "sip.kind."
    ),
    "starting": N_("The telephone is starting; try again in a moment."),
    "down": N_(
        "The telephone does not work at the moment; it is started again by itself, use another "
        "telephone meanwhile."
    ),
    "crashed": N_(
        "The telephone stopped by itself and is started again; redial, or use another telephone."
    ),
    "hung": N_(
        "The telephone did not react and is started again; redial, or use another telephone."
    ),
    "cannot_start": N_("The telephone cannot be started; use another telephone and call IT."),
    "unregistered": N_(
        "The telephone system does not accept this desk; use another telephone and ask IT to "
        "check sip.username and its password."
    ),
    "not_ready": N_(
        "The telephone did not become ready; check the network and the settings with {program} check."
    ),
    "not_ended": N_(
        "The telephone did not confirm the end of the call; start it again, and call IT if it "
        "happens twice."
    ),
    "record_unwritable": N_(
        "The recording cannot be written to {path}; choose a folder that exists."
    ),
    "malformed_target": N_("{target} is no telephone number; check it and dial again."),
    "malformed_digits": N_("{digits} are no keys of a telephone; use 0-9, *, # and A-D."),
    "malformed_address": N_(
        "{address} is no address of a telephone system; ask IT to check sip.address."
    ),
    "no_address": N_("There is nobody to send telephone numbers to; ask IT to set sip.address."),
    "simulated_number": N_(
        "{target} belongs to a made-up citizen and is never called over a real line; choose "
        "another number."
    ),
    "tls_unavailable": N_(
        "{target} asks for an encrypted call, and this telephone is not encrypted; dial the number "
        "instead, or ask IT to set sip.transport."
    ),
    "no_sound_device": N_(
        "The telephone has no sound device, so nobody would be heard; ask IT to set sip.sound "
        "or to connect one."
    ),
    "unknown_sound_device": N_(
        "The sound device {wanted} is not connected; connect it, or ask IT to change sip.sound."
    ),
    "headset_gone": N_(
        "The headset was unplugged and there is no other sound device, so nobody is heard; plug it "
        "in again, or use another telephone."
    ),
    "no_codec": N_("The telephone has none of the codecs {codecs}; ask IT to check sip.codecs."),
    "certificate_unknown": N_(
        "The telephone system's certificate is not trusted, because nobody in sip.ca_file has signed "
        "it; ask IT to check that file, and use another telephone."
    ),
    "certificate_name": N_(
        "The telephone system's certificate is for another name than sip.address; ask IT to write "
        "the name of the certificate there, and use another telephone."
    ),
    "certificate_expired": N_(
        "The telephone system's certificate has expired; ask IT to renew it, and use another "
        "telephone."
    ),
    "certificate_early": N_(
        "The telephone system's certificate is not valid yet; ask IT to check the clock of this "
        "computer, then the certificate, and use another telephone."
    ),
    "bad_certificate": N_(
        "The telephone system's certificate is not accepted; ask IT to look into the log, and use "
        "another telephone."
    ),
    "no_tls": N_(
        "The telephone system does not answer encrypted; ask IT to check sip.address and its port "
        "(5061), and use another telephone."
    ),
    "transport_failed": N_(
        "The telephone cannot open a port on the network ({error}); close other telephones on "
        "this machine or call IT."
    ),
    "receiver_refused": N_(
        "The telephone system refuses the name or the password of the receiver of alarm units; ask "
        "IT to check scaip.username and the password in scaip.password_env."
    ),
    "receiver_unknown": N_(
        "The telephone system does not know the receiver of alarm units; ask IT to check "
        "scaip.username."
    ),
    "receiver_unanswered": N_(
        "The telephone system of the alarm units does not answer; ask IT to check scaip.address, "
        "scaip.transport and the network."
    ),
    "receiver_certificate": N_(
        "The certificate of the alarm units' telephone system is not accepted; ask IT to check "
        "scaip.ca_file, the name in scaip.address and the certificate's dates."
    ),
    "receiver_turned_away": N_(
        "The telephone system does not accept the receiver of alarm units (code {sip_code}); ask IT "
        "to look into the telephone system's log."
    ),
    "receiver_port_taken": N_(
        "Port {port} is in use by something that answers no SIP, or may not be used; ask IT to end "
        "that program or to choose another scaip.port."
    ),
    "simulated_phone_ended": N_(
        "The simulated telephones did not start; start the program again, and call IT if it "
        "happens twice."
    ),
    "protocol_version": N_(
        "The telephone is of another version than the desk; start the program again, or install "
        "it anew."
    ),
}
"""Reasons of LineFailed and of the telephone's state."""

REGISTRATION: Final = {
    401: N_(
        "The telephone system refuses the name or the password; ask IT to check sip.username and "
        "its password, and use another telephone."
    ),
    404: N_(
        "The telephone system does not know this desk; ask IT to check sip.username, and use "
        "another telephone."
    ),
    408: N_("The telephone system does not answer; check the network, and use another telephone."),
}
"""What a registrar's refusal means, by SIP code; others are told with their code."""
_SAME_AS: Final = {403: 401, 407: 401, 503: 408, 504: 408}
UNREGISTERED: Final = N_(
    "The telephone system does not accept this desk (code {sip_code}); tell IT, and use another "
    "telephone."
)


def registration_refused(sip_code: int) -> str:
    """Return the message for what the registrar answered instead of 200."""
    return REGISTRATION.get(_SAME_AS.get(sip_code, sip_code), UNREGISTERED)
