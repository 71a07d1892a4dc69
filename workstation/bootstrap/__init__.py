"""Names the concrete adapters: the only part of `workstation` that knows them all."""
