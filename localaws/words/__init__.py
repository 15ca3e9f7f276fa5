"""What all services say alike, and what they ask of each other.

`ports` and `async_invoke` are what one service needs of another; nothing here needs anything of
`localaws` but this room.
"""
