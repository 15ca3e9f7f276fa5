"""The way in: who may call, and which service a request is for.

`http_protocol` is how the server reads requests, `connections` who is connected and has to go when
there is no room, `shortage` what is said when nobody can; `credentials` holds the keys of this run,
`signatures` verifies who sent a request, `dates` gives answers the caller's date, `endpoint`
refuses what comes from elsewhere, as `refusals` words it, and hands on the rest, in the words of
`asgi`.
"""
