"""A project on disk: its sources, its values files, what Helm renders from them, and questions about it."""
