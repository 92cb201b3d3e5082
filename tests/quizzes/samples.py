"""Small content files for the tests: one of each kind, in canonical form."""

from pathlib import Path

TOPICS = """\
[[topic]]
slug = "basics"
code = "M1"
title = "Basics"
summary = "What everything rests on."
prerequisites = []

[[topic.concept]]
slug = "tensors"
title = "Tensors"

[[topic]]
slug = "recurrence"
code = "M2"
title = "Recurrence"
summary = "Networks with a memory."
prerequisites = ["basics"]

[[topic.concept]]
slug = "lstm"
title = "LSTM"

[[topic.concept]]
slug = "rnn"
title = "RNN"
"""

MISCONCEPTIONS = """\
[[misconception]]
slug = "inputs-shared"
belief = "An RNN shares its inputs over time."
correction = '''
It shares its **weights**: the same $\\mat{W}$ at every step.
'''
"""

GUIDE = """\
+++
id = "5b1a7a58-3b0c-4c86-9d43-0f7b7d8d3a01"
title = "Recurrent networks"
topic = "recurrence"
summary = "From the recurrence to the LSTM."
minutes = 20
order = 1
+++

A network that reads in order. See [the map](/topics/) and [a question](/questions/shared-weights/).

## The recurrence

$$
\\vec{h}_t = \\tanh(\\mat{W}\\vec{h}_{t-1})
$$
"""

SINGLE = """\
+++
id = "5b1a7a58-3b0c-4c86-9d43-0f7b7d8d3a02"
title = "What an RNN shares over time"
topic = "recurrence"
concepts = ["rnn"]
type = "single"
level = "basic"
facet = "concept"
performance = "say"
minutes = 2
order = 1
references = ["Elman, Finding Structure in Time, 1990"]
+++

What does a recurrent network share?

# Answer

The weights.

# Choices

- [x] `weights` Its weights $\\mat{W}$,
  at every step.
  Why: The same matrices are used at each step.
- [ ] `inputs` Its inputs.
  Why: Every step has
    an input of its own.
  Misconception: inputs-shared

# Cards

- `what-is-shared` What does an RNN share over time?
  Back: Its weights.
- `the-squashing` The state goes through {{$\\tanh$|tanh}} at each step.
  Back: So it stays within $(-1, 1)$.
  Misconception: inputs-shared
  Kind: cloze
"""

OPEN = """\
+++
id = "5b1a7a58-3b0c-4c86-9d43-0f7b7d8d3a03"
title = "What is an RNN?"
topic = "recurrence"
concepts = ["lstm", "rnn"]
type = "open"
level = "basic"
facet = "system"
performance = "say"
minutes = 5
order = 2
conventions = ['column vectors, $\\vec{h}_t$']
labs = ["rnn-cell"]
+++

Explain it.

# Answer

A network with a state.

# Two minutes

It reads one input at a time.

```python
# A comment, which is no heading
h = np.tanh(W @ h)
```

# Five minutes

Longer still.

# Signal

Says that weights are shared.

# Rubric

- `state` Names the state.
  Weight: 3
  Line: adequate
- `weights` Says that the weights are shared:

  ```python
  Note: not_a_field
  ```
  Weight: 3
  Line: adequate
  Dimension: mathematics
  Misconception: inputs-shared
- `limits` Says what it cannot do.
  Weight: 4
  Line: outstanding

# Red flags

- Says that the inputs are shared.
  Misconception: inputs-shared

# Follow-ups

- And an LSTM?
  Answer: Its gates share weights over time as well.
- And a GRU?
  Answer: So do its gates.
- And attention?
  Answer: Its projections are shared by all positions.
"""


def question(kind: str, number: int, prompt: str, table: str = "", rest: str = "") -> str:
    return f"""\
+++
id = "5b1a7a58-3b0c-4c86-9d43-0f7b7d8d3a{number:02d}"
title = "A question of type {kind}"
topic = "recurrence"
concepts = ["rnn"]
type = "{kind}"
level = "intermediate"
facet = "concept"
performance = "code"
minutes = 3
order = {number}
{table}+++

{prompt}

# Answer

Because.
{rest}"""


NUMERIC = question("numeric", 10, "How much is left?", "\n[numeric]\nvalue = 0.0066\nrelative = 0.02\n")
CLOZE = question(
    "cloze",
    11,
    "Fill in: {{tanh|hyperbolic tangent}} of {{$\\vec{h}_{t-1}$}}.\n\n| a | b |\n|---|---|\n| 1 | {{two|2}} |",
)
OUTPUT = question(
    "output", 12, "```python\nprint(1)\nprint(2)\n```", '\n[output]\nexpected = """\n1\n2\n"""\naccept = ["one"]\n'
)
BUG = question("bug", 13, "Find it.\n\n```python\na = 1\nb = a +\n```", "\n[bug]\nlines = [2]\n")
MULTIPLE = question(
    "multiple",
    14,
    "Which?",
    rest="\n# Choices\n\n- [x] `a` One\n  Why: Yes.\n- [x] `b` Two\n  Why: Yes.\n- [ ] `c` Three\n  Why: No.\n",
)
DERIVE = OPEN.replace("3a03", "3a15").replace('"open"', '"derive"').replace("What is an RNN?", "Derive it")
DECK = """\
+++
id = "5b1a7a58-3b0c-4c86-9d43-0f7b7d8d3a20"
title = "Timeline"
topic = "recurrence"
level = "basic"
concepts = ["lstm"]
order = 1
+++

# Cards

- `lstm` When was the LSTM published?
  Back: 1997.
- `forget-gate` When did the forget gate come?
  Back: 2000.
"""
RECEIPT = "import numpy as np\n\nassert abs(0.99**500 - 0.0066) < 1e-4\n"

FILES = {
    "topics.toml": TOPICS,
    "misconceptions/recurrence.toml": MISCONCEPTIONS,
    "guides/recurrent-networks.md": GUIDE,
    "cards/timeline.md": DECK,
    "questions/recurrence/shared-weights.md": SINGLE,
    "questions/recurrence/what-is-an-rnn.md": OPEN,
    "questions/recurrence/what-is-left.md": NUMERIC,
    "questions/recurrence/what-is-left.check.py": RECEIPT,
    "questions/recurrence/fill-in.md": CLOZE,
    "questions/recurrence/what-prints.md": OUTPUT,
    "questions/recurrence/find-the-bug.md": BUG,
    "questions/recurrence/which-two.md": MULTIPLE,
    "questions/recurrence/derive-it.md": DERIVE,
}


def write(root: Path) -> Path:
    """All sample files below `root`."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
