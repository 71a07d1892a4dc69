"""Run by alembic around the migrations, inside the transaction that `schema.migrate` began."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
