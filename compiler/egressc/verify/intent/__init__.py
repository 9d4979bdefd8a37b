"""What the table and the extra rules ask for, as policies of flows."""
