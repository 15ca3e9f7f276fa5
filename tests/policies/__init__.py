"""The policies in `docs/policies`: the table they are made of, and the series run under them."""
