"""The way in: who may call, and which service a request is for.

`http_protocol` is how the server reads requests, `signatures` verifies who sent one, `dates` gives
answers the caller's date, `endpoint` refuses what comes from elsewhere and hands on the rest, in
the words of `asgi`.
"""
