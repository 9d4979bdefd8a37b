"""Why one connection is allowed or denied, and what would repair it."""
