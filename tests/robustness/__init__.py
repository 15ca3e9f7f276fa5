"""What the endpoint withstands: strangers, nonsense, crowds, bad handlers and sudden ends."""
