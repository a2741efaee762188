#!/bin/sh
# Run once by the Postgres image, on a new data folder: the logins of each part with passwords of their own, with the
# attributes that sql/roles.sql would give them, and a login for Temporal that cannot enter our database.
set -eu
: "${COUNTERSIGN_MIGRATOR_PASSWORD:?}" "${COUNTERSIGN_WORKER_PASSWORD:?}" "${COUNTERSIGN_API_PASSWORD:?}"
: "${TEMPORAL_DATABASE_PASSWORD:?}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set migrator="$COUNTERSIGN_MIGRATOR_PASSWORD" --set worker="$COUNTERSIGN_WORKER_PASSWORD" \
  --set api="$COUNTERSIGN_API_PASSWORD" --set temporal="$TEMPORAL_DATABASE_PASSWORD" \
  --set database="$POSTGRES_DB" <<'SQL'
create role countersign_migrator login noinherit nocreatedb nocreaterole nobypassrls password :'migrator';
create role countersign_worker login noinherit nocreatedb nocreaterole nobypassrls password :'worker';
create role countersign_api login noinherit nocreatedb nocreaterole nobypassrls password :'api';
create role temporal login createdb nocreaterole nobypassrls password :'temporal';
revoke connect, temporary on database :"database" from public;
grant connect on database :"database" to countersign_migrator, countersign_worker, countersign_api;
SQL
