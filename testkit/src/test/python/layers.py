"""Layers: outputs, gradients, gradients of gradients and buffers of several passes each."""

import torch
from torch import nn

from reference_text import Case, Numbers, gradients


class Pass:
    """One call of a layer: what makes its input of random numbers, and the mode."""

    def __init__(self, make, training=True):
        self.make = make
        self.training = training
        self.twice = True

    def once(self):
        """Without gradients of gradients."""
        found = Pass(self.make, self.training)
        found.twice = False
        return found


def train(*shape):
    return Pass(lambda numbers: numbers.floats(*shape))


def evaluate(*shape):
    return Pass(train(*shape).make, training=False)


def ties(*shape):
    """Many equal elements, and zeros, where gradients have to choose."""
    return Pass(lambda numbers: numbers.integers(*shape, low=-1, high=1).double())


def rows(count, *shape, dtype=torch.int64):
    return Pass(lambda numbers: numbers.integers(*shape, low=0, high=count - 1, dtype=dtype))


def given(*values, shape=(-1,)):
    return Pass(lambda numbers: torch.tensor(values, dtype=torch.float64).reshape(shape))


INF, NAN = float("inf"), float("nan")
CORNERS = given(0.0, -0.0, 1e-4, -1e-4, 19.0, -19.0, 40.0, -40.0, 200.0, -200.0, 800.0, -800.0,
                INF, -INF, NAN)
ACTIVATION = [train(3, 5), ties(7), CORNERS]
# At 0, PyTorch's first derivative is that of the left side, its second that of the right.
ELU = [train(3, 5), ties(7).once(), CORNERS.once()]
AVERAGES = [train(2, 1, 6, 7), train(1, 5, 4)]
POOL = AVERAGES + [ties(1, 1, 7, 7)]
POOL_WITH_NAN = POOL + [given(1, NAN, 3, 4, -INF, -INF, 7, 8, -INF, -INF, NAN, INF, 1, 2, 3, INF,
                              shape=(1, 1, 4, 4))]
SOFT = [train(3, 4), train(2, 3, 2), given(800.0, -800.0, 0.0, 1.0, -INF, 1.0, shape=(2, 3))]

LAYERS = {
    "Linear(4, 3)": [train(2, 4), train(4), train(2, 2, 4), train(0, 4)],
    "Linear(4, 3, bias=False)": [train(2, 4)],
    "Linear(1, 1)": [train(3, 1)],
    "Conv1d(2, 3, 3)": [train(2, 2, 6), train(2, 6), train(0, 2, 6)],
    "Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2, bias=False)": [train(2, 4, 7)],
    "Conv1d(3, 3, 5, padding=4, groups=3)": [train(2, 3, 6)],
    "Conv1d(2, 4, 1, stride=3)": [train(2, 2, 8)],
    "Conv1d(2, 2, 4, padding='same')": [train(2, 2, 6)],
    "Conv1d(2, 2, 3, padding='same', dilation=3)": [train(2, 2, 5)],
    "Conv2d(2, 3, 3)": [train(2, 2, 5, 4), train(2, 5, 4)],
    "Conv2d(4, 2, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2)": [
        train(2, 4, 5, 5)],
    "Conv2d(2, 6, 3, padding=1, groups=2)": [train(1, 2, 4, 4)],
    "Conv2d(1, 2, (1, 3), stride=(3, 2), padding=(0, 3), bias=False)": [train(2, 1, 5, 6)],
    "Conv2d(2, 2, 3, stride=2, padding=2, dilation=2)": [train(1, 2, 5, 6)],
    "Conv2d(2, 2, (2, 3), padding='same', dilation=(3, 1))": [train(1, 2, 4, 5)],
    "MaxPool2d(2)": POOL_WITH_NAN,
    "MaxPool2d(2, stride=1)": POOL,
    "MaxPool2d(2, stride=3)": POOL,
    "MaxPool2d(2, stride=3, ceil_mode=True)": POOL,
    "MaxPool2d(3, stride=2, padding=1)": POOL_WITH_NAN,
    "MaxPool2d(3, stride=2, padding=1, ceil_mode=True)": POOL,
    "MaxPool2d(2, padding=1, dilation=3, ceil_mode=True)": POOL,
    "MaxPool2d((3, 2), stride=(2, 1), padding=(1, 1), dilation=(1, 2), ceil_mode=True)": POOL,
    "AvgPool2d(2)": AVERAGES,
    "AvgPool2d(2, stride=1)": AVERAGES,
    "AvgPool2d(2, stride=3, ceil_mode=True)": AVERAGES,
    "AvgPool2d(3, stride=2, padding=1, ceil_mode=True)": AVERAGES,
    "AvgPool2d(3, stride=2, padding=1, count_include_pad=False)": AVERAGES,
    "AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)": AVERAGES,
    "AvgPool2d((3, 2), stride=(2, 1), padding=(1, 0), ceil_mode=True)": AVERAGES,
    "BatchNorm1d(3)": [train(4, 3), train(2, 3, 4), evaluate(2, 3), train(3, 3), evaluate(1, 3),
                       evaluate(2, 3, 2)],
    "BatchNorm1d(3, eps=0.001, momentum=0.3)": [train(2, 3, 4), train(4, 3), evaluate(2, 3, 2)],
    "BatchNorm1d(2, momentum=None)": [train(3, 2), train(4, 2), train(2, 2), evaluate(3, 2)],
    "BatchNorm1d(2, momentum=0.0)": [train(3, 2), evaluate(3, 2)],
    "BatchNorm1d(2, momentum=1.0)": [train(3, 2), train(4, 2), evaluate(3, 2)],
    "BatchNorm1d(2, affine=False)": [train(3, 2), train(4, 2), evaluate(3, 2)],
    "BatchNorm1d(2, bias=False)": [train(3, 2), evaluate(3, 2)],
    "BatchNorm1d(2, track_running_stats=False)": [train(3, 2), evaluate(4, 2)],
    "BatchNorm2d(2)": [train(2, 2, 2, 3), train(1, 2, 3, 3), evaluate(2, 2, 2, 2),
                       train(3, 2, 1, 2), evaluate(1, 2, 1, 1)],
    "BatchNorm2d(2, momentum=None)": [train(2, 2, 2, 3), train(1, 2, 3, 3), evaluate(1, 2, 2, 2)],
    "BatchNorm2d(2, affine=False, track_running_stats=False)": [
        train(2, 2, 2, 2), evaluate(2, 2, 1, 3)],
    "LayerNorm(4)": [train(3, 4), train(4), train(2, 1, 4), train(0, 4)],
    "LayerNorm((2, 3), eps=0.01, bias=False)": [train(2, 2, 3), train(2, 3)],
    "LayerNorm(4, elementwise_affine=False)": [train(3, 4)],
    "Embedding(5, 3)": [rows(5, 2, 3), rows(5), rows(5, 0), rows(5, 4, dtype=torch.int32)],
    "Embedding(5, 3, padding_idx=2)": [rows(5, 3, 4)],
    "Embedding(5, 3, padding_idx=-1)": [rows(5, 3, 4)],
    "Flatten()": [train(2, 3, 2), train(0, 2, 2)],
    "Flatten(0, 1)": [train(2, 3, 2)],
    "Flatten(-3, -2)": [train(2, 2, 3, 2)],
    "ReLU()": ACTIVATION,
    "LeakyReLU()": ACTIVATION,
    "LeakyReLU(0.2)": ACTIVATION,
    "LeakyReLU(0.0)": ACTIVATION,
    "ELU()": ELU,
    "ELU(0.5)": ELU,
    "GELU()": ACTIVATION,
    "GELU(approximate='tanh')": ACTIVATION,
    "SiLU()": ACTIVATION,
    "Tanh()": ACTIVATION,
    "Sigmoid()": ACTIVATION,
    "Softplus()": ACTIVATION,
    "Softplus(beta=2, threshold=10)": ACTIVATION,
    "Softplus(0.5, 1)": ACTIVATION,
    "Softmax(1)": SOFT,
    "Softmax(0)": SOFT,
    "Softmax(-2)": SOFT,
    "LogSoftmax(1)": SOFT,
    "LogSoftmax(0)": SOFT,
    "LogSoftmax(-2)": SOFT,
    "Identity()": [train(2, 3)],
    "Dropout(0.5)": [evaluate(2, 3)],
    "Dropout(0.0)": [train(2, 3)],
    "Dropout(1.0)": [train(2, 3), evaluate(2, 3)],
    "Sequential(Linear(4, 3), Tanh(), Sequential(Linear(3, 2), LogSoftmax(1)))": [train(2, 4)],
    "Sequential(Conv2d(1, 2, 2), BatchNorm2d(2), ReLU(), MaxPool2d(2), Flatten(), Dropout(0.0),"
    " Linear(8, 2))": [train(2, 1, 5, 5), train(2, 1, 5, 5), evaluate(1, 1, 5, 5)],
}

# What is printed, one after the other.
TREE = """
    Conv1d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2, bias=False)
    Conv1d(1, 1, 3, padding='same')
    Conv2d(1, 6, 5, padding=2)
    Conv2d(1, 6, (5, 3), stride=(1, 2))
    Conv2d(1, 6, (5, 3), padding='same')
    MaxPool2d(2)
    MaxPool2d((3, 2), padding=1, dilation=(1, 2), ceil_mode=True)
    AvgPool2d(2)
    AvgPool2d((3, 2), stride=1, padding=1, ceil_mode=True, count_include_pad=False)
    BatchNorm1d(3)
    BatchNorm2d(6, affine=False, momentum=None, track_running_stats=False, eps=1e-3)
    BatchNorm1d(3, bias=False, momentum=0.25)
    LayerNorm(10)
    LayerNorm((3, 4), elementwise_affine=False, eps=1e-12)
    LayerNorm(4, bias=False)
    Embedding(10, 3)
    Embedding(10, 3, padding_idx=-1)
    Dropout()
    Dropout(0.25)
    Flatten()
    Flatten(0, 1)
    ReLU()
    LeakyReLU()
    LeakyReLU(1e-5)
    ELU()
    GELU()
    GELU(approximate='tanh')
    SiLU()
    Tanh()
    Sigmoid()
    Softplus()
    Softplus(2.0, 10.0)
    Softmax(1)
    LogSoftmax(1)
    Identity()
    Sequential()
    Sequential(Sequential(Linear(3, 4, bias=False)))
    Linear(784, 128)
"""


def built(words):
    """The layer that PyTorch makes of words."""
    return eval(words, vars(nn))  # pylint: disable=eval-used


def made():
    for words, passes in LAYERS.items():
        numbers = Numbers(words)
        layer = built(words).double()
        case = Case(words)
        for name, parameter in layer.named_parameters():
            parameter.data = numbers.floats(*parameter.shape)
            case.put(f"parameter.{name}", parameter)
        for i, call in enumerate(passes):
            run(case, f"{i}.", layer, call, call.make(numbers))
        yield case


def run(case, prefix, layer, call, x):
    """What one pass answers, and leaves behind."""
    layer.train(call.training)
    case.put(prefix + "training", call.training)
    case.put(prefix + "input", x)
    learned = dict(layer.named_parameters())
    if x.is_floating_point():
        learned["input"] = x.requires_grad_(True)
    output = layer(x)
    case.put(prefix + "output", output)
    if learned:
        first = gradients([output], list(learned.values()), create_graph=True)
        for name, gradient in zip(learned, first):
            case.put(f"{prefix}gradient.{name}", gradient)
        if call.twice and any(gradient.requires_grad for gradient in first):
            for name, gradient in zip(learned, gradients(first, list(learned.values()))):
                case.put(f"{prefix}second.{name}", gradient)
    for name, buffer in layer.named_buffers():
        case.put(f"{prefix}buffer.{name}", buffer)


def tree():
    """How PyTorch prints layers."""
    listed = [built(words) for words in TREE.strip().splitlines()]
    return f"{nn.Sequential(*listed)}\n"
