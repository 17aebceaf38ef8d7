"""PostgreSQL as the record of everything and as the queue of what is to run, through psycopg 3.

The `executions` table is both: a row's state is the domain's state, and its pending rows are the queue. Every change
of a state writes what a domain function returned; the SQL only guards it. One query a file in `queries/`, numbered
forward-only migrations in `migrations/`.
"""
