"""What the catalog and the project file do not say yet: found in one go, and written as YAML to complete."""
