"""A dialect that exists here alone: one rule for each pair of labels, and hosts by name."""
