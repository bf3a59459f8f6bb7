"""heat2rack room."""
