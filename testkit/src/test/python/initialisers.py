"""Initialisers: gains, and the bounds or deviations that PyTorch draws its numbers with."""

import contextlib
from unittest import mock

import torch
from torch import nn

from reference_text import Case

GAINS = [
    "calculate_gain('linear')",
    "calculate_gain('conv2d')",
    "calculate_gain('sigmoid')",
    "calculate_gain('tanh')",
    "calculate_gain('relu')",
    "calculate_gain('leaky_relu', 0.2)",
    "calculate_gain('leaky_relu', 0.0)",
    "calculate_gain('selu')",
]
DRAWN = [
    "uniform_(weight, -2.0, 3.0)",
    "normal_(weight, 1.5, 0.25)",
    "xavier_uniform_(weight)",
    "xavier_uniform_(weight, gain=2.5)",
    "xavier_normal_(weight)",
    "xavier_normal_(weight, gain=2.5)",
    "kaiming_uniform_(weight)",
    "kaiming_uniform_(weight, a=0.3, mode='fan_out')",
    "kaiming_uniform_(weight, mode='fan_in', nonlinearity='tanh')",
    "kaiming_normal_(weight)",
    "kaiming_normal_(weight, a=0.3, mode='fan_in')",
    "kaiming_normal_(weight, mode='fan_out', nonlinearity='relu')",
    "kaiming_normal_(weight, mode='fan_in', nonlinearity='selu')",
]
FILLED = ["zeros_(weight)", "ones_(weight)", "constant_(weight, 0.25)", "eye_(weight)"]
SHAPES = [(3, 5), (4, 3, 2), (4, 3, 2, 5)]
# Large enough to tell the bounds from the numbers.
LAYERS = [
    "Linear(4, 5000)",
    "Conv1d(4, 3000, 3, groups=2)",
    "Conv2d(3, 3000, (2, 5))",
    "Embedding(100, 80)",
    "BatchNorm1d(3)",
    "BatchNorm2d(3)",
    "LayerNorm((2, 3))",
]


@contextlib.contextmanager
def recorded(drawn):
    """Takes down what numbers are drawn with: low and high, or mean and standard deviation."""

    def recording(kind):
        original = getattr(torch.Tensor, kind)

        def draw(tensor, first=0.0, second=1.0, **options):
            first = options.pop("from", options.pop("mean", first))
            second = options.pop("to", options.pop("std", second))
            drawn.append((kind, tuple(tensor.shape), first, second))
            return original(tensor, first, second, **options)

        return mock.patch.object(torch.Tensor, kind, draw)

    with recording("uniform_"), recording("normal_"):
        yield


def made():
    for words in GAINS:
        case = Case(words)
        case.put("gain", eval(words, vars(nn.init)))  # pylint: disable=eval-used
        yield case
    for words in DRAWN:
        for shape in SHAPES:
            drawn = []
            with recorded(drawn):
                eval(words, vars(nn.init), {"weight": torch.empty(shape)})
            yield one_draw(Case(f"{words} of {'x'.join(map(str, shape))}"), drawn)
    for words in FILLED:
        case = Case(words)
        weight = torch.empty(3, 5, dtype=torch.float64)
        case.put("weight", eval(words, vars(nn.init), {"weight": weight}))
        yield case
    for words in LAYERS:
        yield layer(words)


def one_draw(case, drawn):
    [(kind, _, first, second)] = drawn
    case.put(kind.rstrip("_"), [first, second])
    return case


def layer(words):
    """What a layer draws each parameter with; where it draws none, what it holds."""
    case = Case(words)
    drawn = []
    with recorded(drawn):
        built = eval(words, vars(nn))  # pylint: disable=eval-used
    assert len({shape for _, shape, _, _ in drawn}) == len(drawn)
    for name, parameter in built.named_parameters():
        draws = [d for d in drawn if d[1] == tuple(parameter.shape)]
        if draws:
            [(kind, _, first, second)] = draws
            case.put(f"{name}.{kind.rstrip('_')}", [first, second])
        else:
            case.put(f"{name}.filled", parameter.double())
    return case
