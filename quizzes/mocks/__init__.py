"""Mock interviews: a script of stages, answers typed or spoken, follow-ups that depend on them, and a report."""
