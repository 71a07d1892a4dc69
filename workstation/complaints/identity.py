"""Sentences for a sign-in at an identity provider that let nobody in."""

from typing import Final

from workstation.texts import N_

IDENTITY: Final = {
    "foreign_state": N_(
        "The browser brought an answer to a question this desk did not ask; nobody was signed in, "
        "start again here."
    ),
    "replayed": N_(
        "The browser brought an answer that was used before; nobody was signed in, start again here."
    ),
    "provider_declined": N_(
        "You did not sign in at {provider}, or it does not let you use this program; try again, or "
        "ask IT."
    ),
    "provider_refused": N_("{provider} refused the sign-in ({error}); try again, or ask IT."),
    "code_refused": N_(
        "{provider} did not accept the answer the browser brought, it was too old or used before; "
        "start again here."
    ),
    "client_refused": N_(
        "{provider} does not know this program or its secret ({error}); ask IT to check "
        "sign_in.oidc.client_id, client_secret_env and scopes."
    ),
    "provider_away": N_(
        "{provider} does not answer; check the network, or sign in with your offline password."
    ),
    "provider_garbled": N_(
        "What answers for {provider} does not speak OpenID Connect; ask IT to check "
        "sign_in.oidc.issuer."
    ),
    "provider_untrusted": N_(
        "The certificate of {provider} is not to be trusted ({why}); ask IT to check it and "
        "sign_in.oidc.ca_file."
    ),
    "unsigned": N_(
        "What {provider} said of you is not signed in a way that proves it; nobody was signed in, "
        "tell IT."
    ),
    "bad_signature": N_(
        "What came as {provider}'s word does not have its signature; nobody was signed in, tell IT."
    ),
    "wrong_issuer": N_(
        "What came as {provider}'s word is somebody else's; nobody was signed in, ask IT to check "
        "sign_in.oidc.issuer."
    ),
    "wrong_client": N_(
        "{provider} vouched for you to another program; nobody was signed in, start again here, and "
        "tell IT if it stays so."
    ),
    "wrong_nonce": N_(
        "{provider} answered another question than ours; nobody was signed in, start again here, "
        "and tell IT if it stays so."
    ),
    "expired": N_(
        "What {provider} said of you is out of date; start again, and have IT check this computer's "
        "clock if it stays so."
    ),
    "not_yet": N_(
        "What {provider} said of you is dated in the future; have IT check this computer's clock."
    ),
    "not_fresh": N_(
        "{provider} let in whoever sat here before without asking; sign out there, then start again."
    ),
    "bad_token": N_(
        "What {provider} said of you cannot be read; start again, and tell IT if it stays so."
    ),
    "no_group": N_(
        "You are in no group at {provider} that has a role at this hub; ask IT to put you in one."
    ),
    "no_kommune": N_(
        "None of your groups at {provider} serves a kommune of this desk; ask IT to put you in one."
    ),
    "no_name": N_(
        "{provider} gives you no name that can be a user name here; ask IT to check "
        "sign_in.oidc.name_claim."
    ),
    "name_taken": N_(
        "There is a user {name} here already; if that is you, sign in with your password and then "
        "with {provider}, else ask IT."
    ),
    "other_person": N_(
        "This desk is locked for {name}; sign in as yourself to take it over, or go to another desk."
    ),
    "unknown_here": N_(
        "The database is away, and this desk does not remember you; sign in where you were last, or "
        "wait for the database."
    ),
    "no_browser": N_(
        "The system's browser did not open; start again, and ask IT to choose one if it stays so."
    ),
    "no_room": N_("This computer gives no port to come back to; try again, or ask IT."),
    "timed_out": N_("Nobody signed in at {provider} within {minutes} min; start again."),
    "cancelled": N_("The sign-in at {provider} was given up; start again when you like."),
    "provider_is_there": N_(
        "{provider} answers, so the offline password does not count; sign in with {provider}."
    ),
    "not_from_provider": N_(
        "Only who is signed in with {provider} has an offline password; sign in with it first."
    ),
}
"""Reasons of SignInRefused that have to do with an identity provider."""

CERTIFICATES: Final = {
    "certificate_unknown": N_("issued by nobody we trust"),
    "certificate_name": N_("for another name"),
    "certificate_expired": N_("expired"),
    "certificate_early": N_("not valid yet"),
    "bad_certificate": N_("broken"),
}
"""What is wrong with a certificate, inside a sentence."""
