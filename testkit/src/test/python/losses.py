"""Losses in every reduction: values, gradients, and gradients of gradients."""

import torch
from torch import nn

from reference_text import Case, Numbers, gradients

INF = float("inf")


class Made:
    """The tensors of a loss's call, drawn from a case's random numbers."""

    def __init__(self, numbers):
        self.numbers = numbers

    def scores(self, *shape):
        return self.numbers.floats(*shape)

    def logarithms(self, *shape):
        return torch.log_softmax(self.scores(*shape), 1 if len(shape) > 1 else 0)

    def probabilities(self, *shape):
        return torch.softmax(self.scores(*shape), 1 if len(shape) > 1 else 0)

    def chances(self, *shape):
        return self.numbers.floats(*shape, low=0.02, high=0.98)

    def classes(self, count, *shape):
        return self.numbers.integers(*shape, low=0, high=count - 1)

    def weights(self, *shape):
        return self.numbers.floats(*shape, low=0.3, high=2.0)


def plain(*shape):
    """Any outputs and any targets."""
    return lambda m: {"output": m.scores(*shape), "target": m.scores(*shape)}


def near(distance):
    """Outputs that are equal to their targets, at a distance from them, and on both its sides."""

    def tensors(m):
        target = m.numbers.integers(9, low=-2, high=2).double()
        moves = [0, -0.0, distance, -distance, 0.5 * distance, 1.5 * distance, -1.5 * distance]
        return {"output": target + torch.tensor(moves + [0.25, -3.0]).double(), "target": target}

    return tensors


def picked(target=None, weight=None, shape=(4, 3), kind=Made.scores):
    """Outputs of classes, the targets' numbers and classes' weights."""

    def tensors(m):
        axis = 1 if len(shape) > 1 else 0
        drawn = m.classes(shape[axis], *shape[:axis], *shape[axis + 1:])
        found = {"output": kind(m, *shape)}
        found["target"] = drawn if target is None else torch.tensor(target)
        if weight is not None:
            found["weight"] = torch.tensor(weight, dtype=torch.float64)
        return found

    return tensors


def by_logarithms(**options):
    return picked(kind=Made.logarithms, **options)


def shared(shape=(4, 3), weight=None):
    """Outputs of classes, and targets that are probabilities."""

    def tensors(m):
        found = {"output": m.scores(*shape), "target": m.probabilities(*shape)}
        if weight is not None:
            found["weight"] = torch.tensor(weight, dtype=torch.float64)
        return found

    return tensors


def far(m):
    return {
        "output": torch.tensor([[800.0, -800, 0], [0, 1000, 1000], [-INF, 0, 1]]).double(),
        "target": torch.tensor([1, 0, 2]),
    }


def chances(m):
    return {"output": m.chances(3, 4), "target": m.chances(3, 4)}


def certain(m):
    """Probabilities of 0 and 1, wrong and right."""
    return {
        "output": torch.tensor([0.0, 0, 1, 1, 0, 1, 1e-50, 0.5]).double(),
        "target": torch.tensor([0.0, 1, 1, 0, 0.5, 0.25, 1, 0.5]).double(),
    }


def weighted(*shape, positive=None):
    def tensors(m):
        found = {"output": m.chances(3, 4), "target": m.chances(3, 4), "weight": m.weights(*shape)}
        if positive:
            found["output"] = m.scores(3, 4)
            found["posWeight"] = m.weights(*positive)
        return found

    return tensors


def logits(*shape):
    return lambda m: {"output": m.scores(*shape), "target": m.chances(*shape)}


def far_logits(m):
    return {
        "output": torch.tensor([0.0, -0.0, 40, -40, 800, -800, INF, -INF]).double(),
        "target": torch.tensor([0.5, 1, 0, 1, 0, 1, 0.5, 0]).double(),
    }


def divergence(m):
    return {"output": m.logarithms(4, 3), "target": m.probabilities(4, 3)}


def log_divergence(m):
    return {"output": m.logarithms(4, 3), "target": m.logarithms(4, 3)}


def impossible(m):
    """Targets of probability 0, which add nothing; PyTorch's gradients of them are NaN."""
    target = torch.tensor([[0.0, 1, 0], [0.5, 0.5, 0]]).double()
    return {"output": m.logarithms(2, 3), "target": target}


THREE = [0.5, 2.0, 1.25]
SOME = [0, -100, 1, -100]
SPATIAL = {"shape": (2, 3, 2, 2)}

# The words, what tells calls of the same words apart, and the tensors.
LOSSES = [
    ("NLLLoss()", "", by_logarithms()),
    ("NLLLoss()", "unbatched", by_logarithms(shape=(3,), target=1)),
    ("NLLLoss()", "some ignored", by_logarithms(target=SOME)),
    ("NLLLoss()", "all ignored", by_logarithms(target=[-100, -100], shape=(2, 3))),
    ("NLLLoss()", "of nothing", by_logarithms(shape=(0, 3))),
    ("NLLLoss(weight=weight)", "", by_logarithms(weight=THREE)),
    ("NLLLoss(weight=weight)", "spatial", by_logarithms(weight=THREE, **SPATIAL)),
    ("NLLLoss(weight=weight)", "weight 0", by_logarithms(weight=[0.0, 0.0, 1.0], target=[0, 1],
                                                         shape=(2, 3))),
    ("NLLLoss(weight=weight, ignore_index=2)", "", by_logarithms(weight=THREE,
                                                                target=[0, 2, 1, 2])),
    ("NLLLoss(weight=weight, ignore_index=-1)", "sequence", by_logarithms(
        weight=THREE, target=[[0, -1], [2, -1]], shape=(2, 3, 2))),
    ("CrossEntropyLoss()", "", picked()),
    ("CrossEntropyLoss()", "unbatched", picked(shape=(3,), target=2)),
    ("CrossEntropyLoss()", "far apart", far),
    ("CrossEntropyLoss()", "all ignored", picked(target=[-100, -100], shape=(2, 3))),
    ("CrossEntropyLoss()", "of nothing", picked(shape=(0, 3))),
    ("CrossEntropyLoss()", "probabilities", shared()),
    ("CrossEntropyLoss(weight=weight)", "", picked(weight=THREE)),
    ("CrossEntropyLoss(weight=weight)", "probabilities unbatched", shared((3,), THREE)),
    ("CrossEntropyLoss(ignore_index=1)", "", picked(target=[0, 1, 2, 1])),
    ("CrossEntropyLoss(label_smoothing=0.1)", "", picked()),
    ("CrossEntropyLoss(label_smoothing=0.1)", "unbatched", picked(shape=(3,), target=0)),
    ("CrossEntropyLoss(label_smoothing=1.0)", "", picked()),
    ("CrossEntropyLoss(label_smoothing=0.2)", "probabilities", shared()),
    ("CrossEntropyLoss(weight=weight, ignore_index=2, label_smoothing=0.25)", "",
     picked(weight=THREE, target=[0, 2, 1, 2])),
    ("CrossEntropyLoss(weight=weight, ignore_index=-1, label_smoothing=0.25)", "spatial",
     picked(weight=THREE, target=[[[0, -1], [2, 1]], [[-1, -1], [0, 2]]], **SPATIAL)),
    ("CrossEntropyLoss(weight=weight, label_smoothing=0.2)", "spatial",
     picked(weight=THREE, **SPATIAL)),
    ("CrossEntropyLoss(weight=weight, label_smoothing=0.2)", "probabilities",
     shared(weight=THREE)),
    ("CrossEntropyLoss(weight=weight, label_smoothing=0.2)", "probabilities, spatial",
     shared((2, 3, 2, 2), THREE)),
    ("MSELoss()", "", plain(3, 4)),
    ("MSELoss()", "scalar", plain()),
    ("MSELoss()", "of nothing", plain(0, 3)),
    ("L1Loss()", "", plain(3, 4)),
    ("L1Loss()", "corners", near(1.0)),
    ("HuberLoss()", "", plain(3, 4)),
    ("HuberLoss()", "corners", near(1.0)),
    ("HuberLoss(delta=1.5)", "corners", near(1.5)),
    ("SmoothL1Loss()", "", plain(3, 4)),
    ("SmoothL1Loss()", "corners", near(1.0)),
    ("SmoothL1Loss(beta=1.5)", "corners", near(1.5)),
    ("SmoothL1Loss(beta=0.0)", "corners", near(1.0)),
    ("BCELoss()", "", chances),
    ("BCELoss()", "certain", certain),
    ("BCELoss(weight=weight)", "", weighted(3, 4)),
    ("BCELoss(weight=weight)", "a column", weighted(3, 1)),
    ("BCEWithLogitsLoss()", "", logits(3, 4)),
    ("BCEWithLogitsLoss()", "far", far_logits),
    ("BCEWithLogitsLoss()", "scalar", logits()),
    ("BCEWithLogitsLoss(weight=weight, pos_weight=posWeight)", "",
     weighted(3, 4, positive=(4,))),
    ("BCEWithLogitsLoss(weight=weight, pos_weight=posWeight)", "a row and a column",
     weighted(4, positive=(3, 1))),
    ("KLDivLoss()", "", divergence),
    ("KLDivLoss()", "impossible, with a fixed target", impossible),
    ("KLDivLoss(log_target=True)", "", log_divergence),
]


def made():
    for words, label, tensors in LOSSES:
        case = Case(words + (", " if label else "") + label)
        for name, tensor in tensors(Made(Numbers(case.name))).items():
            case.put(name, tensor)
        kept = {name: case.get(name) for name in case.lines}
        reductions = ["none", "mean", "sum"]
        if words.startswith("KLDiv"):
            reductions.append("batchmean")
        for reduction in reductions:
            run(case, words, reduction, kept)
        yield case


def run(case, words, reduction, kept):
    """One reduction's value and gradients, of the target's too where that can be learned."""
    separator = "" if words.endswith("()") else ", "
    called = f"{words[:-1]}{separator}reduction='{reduction}')"
    loss = eval(called, vars(nn), kept)  # pylint: disable=eval-used
    inputs = {name: kept[name].clone() for name in ("output", "target")}
    learned = {
        name: x.requires_grad_()
        for name, x in inputs.items()
        if x.is_floating_point() and not (name == "target" and case.name.endswith("a fixed target"))
    }
    value = loss(inputs["output"], inputs["target"])
    case.put(f"{reduction}.value", value)
    first = gradients([value], list(learned.values()), create_graph=True)
    for name, gradient in zip(learned, first):
        case.put(f"{reduction}.gradient.{name}", gradient)
    if any(gradient.requires_grad for gradient in first):
        for name, gradient in zip(learned, gradients(first, list(learned.values()))):
            case.put(f"{reduction}.second.{name}", gradient)
