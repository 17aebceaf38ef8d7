"""PostgreSQL as the system of record and as the queue of executions, through psycopg 3.

The `executions` table is both: a row's state is the domain's state, and its pending rows are the queue. Every change of
a state writes the result of a domain function; the SQL only guards it. One query a file in `queries/`, numbered
forward-only migrations in `migrations/`.
"""
