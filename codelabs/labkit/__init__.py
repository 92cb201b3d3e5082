"""What lab authors write with. It runs in the author's box, next to cases.py, and needs nothing but NumPy.

cases   case(…): one question put to the learner's function
draw    sizes that all differ, weights, biases and states that are never zero, extreme values
recipe  the standard set of cases, so that a lab's cases.py is a dozen lines
paper   puts the cases to the truth, and to known wrong answers (called by the grader)
banned  finds names that a lab forbids (called by the grader, in the learner's box before the learner's code)

A new kind of check (metamorphic relations, gradients, statistics, cost) is a new module here.
"""
