# Sourced by the image's entrypoint when it has made a new cluster: the service's role, which is no superuser.
# psql reads the password itself, so that it stands on no command line.
psql --host=/var/run/postgresql --username=postgres --dbname=postgres --quiet --set=ON_ERROR_STOP=1 <<'SQL'
\set password `cat /run/secrets/database_password`
create role bateia login password :'password';
create database bateia owner bateia;
SQL
