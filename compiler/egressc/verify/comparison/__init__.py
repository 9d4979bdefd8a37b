"""Two sets of policies against each other, and what is reported of the differences."""
