"""Content files: questions, decks, guides, topics and misconceptions as frozen values, read strictly and written back.

Pure but for `files`, which walks a folder: no Django, no clock, no database.
"""
