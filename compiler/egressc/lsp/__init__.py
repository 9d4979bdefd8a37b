"""The language server: what the compiler knows of a project, for editors, in their protocol (LSP 3.17)."""
