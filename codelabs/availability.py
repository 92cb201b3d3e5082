"""Whether labs can run on this host, as a sentence for learners."""


def why_unavailable(runtime: str = "numpy") -> str:
    """Why labs of `runtime` cannot run here, or an empty string if they can."""
    return ""
