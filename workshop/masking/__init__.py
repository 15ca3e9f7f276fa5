"""What would tell whose account, machine or name it was: found, replaced, and looked for again.

`kinds` knows what such things look like, `lookalikes` what only looks like them, and `known` what
this very run knows by value; `finding` finds both in a text. `mask` replaces what was found, the
same value by the same alias everywhere (`ACCOUNT-1`), also inside base64 (`encodings`) and in what
pictures hold beside their pixels (`pictures`). `gate` reads files that are to be given away and
names what was left in them. `shown` masks what a kernel shows while it works on somebody's account,
and `widgets` what it tells its widgets; both by `content`, which masks the texts within.

Nothing here knows AWS's answers, notebooks or pages: texts and bytes come in, texts and bytes go
out.
"""
