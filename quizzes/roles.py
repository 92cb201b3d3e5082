"""The roles that people interview for: which topics an interviewer for that role asks about, and how much."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Role:
    """`weights` by topic slug; what is not named counts 1. A topic of weight 0 is left out of the plan."""

    slug: str
    title: str
    weights: dict[str, float] = field(default_factory=dict)

    def weight(self, topic: str) -> float:
        return self.weights.get(topic, 1.0)


ROLES = {
    role.slug: role
    for role in (
        Role("engineer", "Machine-learning engineer", {"modern-recurrent": 0.7, "system-design": 1.5}),
        Role("scientist", "Applied scientist", {"loss-functions": 1.3, "optimisation": 1.3, "system-design": 0.8}),
        Role(
            "research",
            "Research engineer",
            {"modern-recurrent": 1.5, "transformers": 1.3, "optimisation": 1.2, "system-design": 0.6},
        ),
        Role(
            "speech-and-language",
            "Speech and language engineer",
            {"sequence-models": 1.5, "recurrent-networks": 1.3, "nlp-fundamentals": 1.3, "convolutional-networks": 0.6},
        ),
        Role(
            "on-device",
            "On-device and streaming engineer",
            {"recurrent-networks": 1.4, "modern-recurrent": 1.4, "system-design": 1.5, "nlp-fundamentals": 0.6},
        ),
    )
}
DEFAULT_ROLE = "engineer"


def role_of(slug: str) -> Role:
    """The role of that slug; the default for one that is no longer offered."""
    return ROLES.get(slug, ROLES[DEFAULT_ROLE])
