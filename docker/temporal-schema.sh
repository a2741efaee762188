#!/bin/sh
# Creates Temporal's own two databases, or brings them to the version of this image. May be run again at any time.
set -eu
for name in temporal temporal_visibility; do
  case $name in
    temporal) folder=temporal ;;
    *) folder=visibility ;;
  esac
  tool() {
    temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal --database "$name" "$@"
  }
  tool create
  # Refused on a database that has a schema already, which is then only brought up to date.
  tool setup-schema --version 0.0 || true
  tool update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$folder/versioned"
done
