"""The identity provider: OpenID Connect through the system's browser."""
