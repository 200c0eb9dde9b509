"""The sharing protocols as cited rules: each rule one small function, named and cited, a module a subject."""
