"""Functions and what belongs to them: code, versions, aliases, layers, policies, settings."""
