"""Templates, looked at before anything is made of them."""
