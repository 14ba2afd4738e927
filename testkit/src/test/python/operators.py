"""What PyTorch answers for the samples of the conformance suite's table.

The samples and their inputs come from the table itself, by the test PyTorchInputs; what they are
called in PyTorch stands in torch_operations.py. What PyTorch has no counterpart for is left out.
"""

import torch

from reference_text import Case, gradients
from torch_operations import answer

# Gradients of gradients are kept of small samples,
FEW = 64
# and at corners not of these, whose second derivative there is NaN in PyTorch, or the other side's.
CORNERED = ("norm(int...)", "norm(double, boolean, int...)", "pow(Number)", "elu(double)",
            "softplus(double, double)")


def made(questions, missing):
    """The cases answered; `missing` gathers why others are not, by operation."""
    for question in questions:
        operation, label, kind = question.name.rsplit("/", 2)
        case = Case(question.name)
        case.lines.update((n, t) for n, t in question.lines.items() if n.startswith("in."))
        inputs = [case.get(name) for name in case.lines]
        for x in inputs:
            # Special values have no gradients: their kind ends in another word.
            x.requires_grad_(kind in ("float64", "float64 kinks") and x.dtype == torch.float64)
        try:
            fill(case, [x for x in inputs if x.requires_grad], answer(operation, label, inputs))
        except (KeyError, NotImplementedError) as reason:
            missing.setdefault(operation, set()).add(f"{label}: {reason}")
            continue
        except (RuntimeError, TypeError, ValueError, IndexError) as reason:
            words = str(reason).splitlines()[0]
            missing.setdefault(operation, set()).add(f"{label}/{kind}: refused, {words}")
            continue
        yield case


def fill(case, inputs, outputs):
    """Outputs, gradients, and gradients of gradients."""
    for i, output in enumerate(outputs):
        case.put(f"out.{i}", output)
    # Of mixed types, parts of a gradient have the narrower one, in Ladera at other places.
    outputs = [y for y in outputs if y.requires_grad and y.dtype == torch.float64]
    if not inputs or not outputs:
        return
    operation, _, kind = case.name.rsplit("/", 2)
    twice = sum(x.numel() for x in inputs) <= FEW and (
        kind == "float64" or operation not in CORNERED)
    first = gradients(outputs, inputs, create_graph=twice)
    for i, gradient in enumerate(first):
        case.put(f"grad.{i}", gradient)
    if twice and any(g.requires_grad for g in first):
        for i, gradient in enumerate(gradients(first, inputs)):
            case.put(f"second.{i}", gradient)
