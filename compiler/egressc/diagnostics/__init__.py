"""What the compiler says to people: codes, diagnostics, reports; one module a hundred of codes."""
