"""What policies let through: an exact algebra for every pod that could exist, and words for what it finds."""
