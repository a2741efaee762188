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
  # Skipped by the tool itself on a database that has a schema already.
  tool setup-schema --version 0.0
  tool update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$folder/versioned"
done
