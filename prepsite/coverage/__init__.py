"""The curriculum's coverage: which content answers for each row of what the site promises to teach.

`mapping` reads `coverage.toml`, `checking` holds it against the content files, `shelf` and `views` show it to staff.
"""
