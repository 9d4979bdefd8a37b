"""What commands report, as records for the renderers."""
