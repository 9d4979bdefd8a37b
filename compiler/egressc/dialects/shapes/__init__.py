"""What manifests of all dialects have in common: fields, metadata, label selectors, networks."""
