"""The nouns: what was asked, what exists, what is enforced. No reading, no writing, no Helm."""
