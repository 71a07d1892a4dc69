"""What only Windows has: policies, its key store for machines, its event log, its message boxes.

Every module here can be loaded anywhere; elsewhere there is simply no policy, no store, no log.
"""
