"""Sentences for a database server that cannot be used."""

from typing import Final

from workstation.texts import N_

SERVER: Final = {
    "no_answer": N_(
        "The database server {host} does not answer; check the network, it is tried again by itself."
    ),
    "connection_lost": N_(
        "The connection to the database server {host} was lost; it is tried again by itself, call "
        "IT if it stays so."
    ),
    "unknown_host": N_(
        "There is no computer called {host}; check the network, and ask IT to check database.url."
    ),
    "starting_up": N_(
        "The database server {host} is starting up or shutting down; it is tried again by itself, "
        "wait a moment."
    ),
    "too_many": N_(
        "The database server {host} has no room for one more program; ask IT to raise "
        "max_connections."
    ),
    "refused_password": N_(
        "The database server {host} refuses the name {user} or its password; ask IT to check "
        "database.url and database.password_env."
    ),
    "not_let_in": N_(
        "The database server {host} does not let {user} in from this computer; ask IT to add it to "
        "pg_hba.conf."
    ),
    "no_rights": N_(
        "The database {database} does not let {user} do that; ask IT to give it the role of a desk."
    ),
    "not_owner": N_(
        "The database {database} does not belong to {user}; run {program} migrate as the user who owns "
        "it, and never as a desk."
    ),
    "kommune_not_served": N_(
        "The database does not let {user} see the kommuner {kommuner}; ask IT to run {program} migrate "
        "and then to grant {role} to {user}."
    ),
    "no_such_database": N_(
        "The database server {host} has no database {database}; ask IT to create it, or to correct "
        "database.url."
    ),
    "no_tls": N_(
        "The database server {host} does not speak encrypted; ask IT to give it a certificate."
    ),
    "no_ca_file": N_(
        "There is nothing to check the certificate of the database server {host} against; ask IT to "
        "set database.ca_file."
    ),
    "certificate_unknown": N_(
        "The certificate of the database server {host} was not issued by anybody we trust; ask IT to "
        "check database.ca_file."
    ),
    "certificate_name": N_(
        "The certificate of the database server is not for the name {host}; ask IT to write "
        "database.url with the name in the certificate."
    ),
    "certificate_expired": N_(
        "The certificate of the database server {host} has expired; ask IT to renew it, and check "
        "this computer's clock."
    ),
    "certificate_early": N_(
        "The certificate of the database server {host} is not valid yet; check this computer's clock, "
        "then tell IT."
    ),
    "own_certificate_missing": N_(
        "The database server {host} wants a certificate of this computer; ask IT to set sslcert and "
        "sslkey in database.url."
    ),
    "own_certificate_refused": N_(
        "The database server {host} refuses this computer's own certificate for {user}; ask IT to "
        "renew it with that name, by the authority that the server trusts."
    ),
    "bad_certificate": N_(
        "The certificate of the database server {host} is not trusted ({detail}); ask IT to check "
        "database.ca_file."
    ),
}
"""Reasons of StoreUnavailable that only a server can give."""
