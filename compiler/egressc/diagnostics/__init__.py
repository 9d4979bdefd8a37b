"""What the compiler says to people: codes, diagnostics, reports. Each module has the codes of one subject."""
