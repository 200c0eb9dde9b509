"""Who may open it: sealing, signing, key files and the directory of agencies' keys.

This room knows bytes and keys. It imports `cryptography` and nothing else of ours, never reads the clock
and never prints. Start with `age` (the sealed file), then `identity` (a person's key file) and
`directory` (whose key is whose, who confirmed it, until when).
"""
