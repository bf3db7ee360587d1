"""Records to rows to SQLite: schema, migrations, one writer, search, verify."""
