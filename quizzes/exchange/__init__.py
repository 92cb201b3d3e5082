"""Other forms that content and learning take outside the database."""
