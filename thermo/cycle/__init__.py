"""Design of a cycle: one candidate, the best candidate, the block around it."""
