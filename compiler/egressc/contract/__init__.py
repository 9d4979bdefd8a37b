"""What a values file may say, once: its shape, the JSON Schemas, what no schema can say, and the words of a refusal."""
