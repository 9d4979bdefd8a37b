"""Texts into YAML values: quickly for the style that Helm and kubectl print, else by the API server's own reader."""
