"""How each version of the tables is made from the one before.

The files are loaded by alembic from the disk: a frozen program must carry them as they are.
"""
