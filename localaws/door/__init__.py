"""The way in: who may call, and which service a request is for.

`http_protocol` is how the server reads requests, `credentials` holds the keys of this run,
`signatures` verifies who sent a request, `refusals` tells a service's words where nobody did,
`dates` gives answers the caller's date, `endpoint` refuses what comes from elsewhere and hands on
the rest, in the words of `asgi`.
"""
