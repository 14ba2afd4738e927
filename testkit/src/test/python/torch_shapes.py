"""Operations on axes in PyTorch's words. The table's samples also answer each view times itself."""

import torch
import torch.nn.functional as F

SHAPES = {}


def places(size, start, end, step):
    return torch.tensor(range(*slice(start, end, step).indices(size)), dtype=torch.long)


def cut(x, axis, start, end, step=1):
    """As in Python, backwards too."""
    return x.index_select(axis, places(x.shape[axis], start, end, step))


def shape(operation, plain, **others):
    bodies = {"plain": plain, **{key.replace("_", " "): body for key, body in others.items()}}

    def call(label, x):
        views = bodies[label](x[0])
        views = list(views) if isinstance(views, (tuple, list)) else [views]
        # Not the tensor itself, which would be a leaf.
        return [view.clone() for view in views] + [view * view for view in views]

    SHAPES[operation] = call


shape("reshape(int...)", lambda x: x.reshape(3, -1),
      of_a_transposed_view=lambda x: x.T.reshape(3, -1),
      of_a_slice=lambda x: x[:, 1:5:2].reshape(8), empty=lambda x: x.reshape(3, 0),
      scalar=lambda x: x.reshape(1, 1))
shape("reshape(Shape)", lambda x: x.reshape(2, -1))
shape("flatten()", torch.flatten, scalar=torch.flatten)
shape("flatten(int, int)", lambda x: x.flatten(1, -1), first_two=lambda x: x.flatten(0, 1),
      permuted=lambda x: x.permute(2, 0, 1).flatten(0, 1))
shape("permute(int...)", lambda x: x.permute(2, 0, 1), negative=lambda x: x.permute(-1, -3, -2))
shape("transpose(int, int)", lambda x: x.transpose(0, -1))
shape("t()", lambda x: x.mT, cube=lambda x: x.mT, vector=lambda x: x)
shape("squeeze()", torch.squeeze)
shape("squeeze(int)", lambda x: x.squeeze(-2), not_1=lambda x: x.squeeze(0))
shape("unsqueeze(int)", lambda x: x.unsqueeze(1), last=lambda x: x.unsqueeze(-1),
      scalar=lambda x: x.unsqueeze(0))
shape("expand(int...)", lambda x: x.expand(2, -1, 5), kept=lambda x: x.expand(-1, 4),
      to_nothing=lambda x: x.expand(0, 3))
shape("expand(Shape)", lambda x: x.expand(2, *x.shape))
shape("flip(int...)", lambda x: x.flip(0, -1), one=lambda x: x.flip(1))


def floating(body):
    """Sums of integers are int64 in PyTorch; sumTo keeps the type, as gradients need it."""

    def call(x):
        if not x.is_floating_point():
            raise NotImplementedError("sumTo keeps the type")
        return body(x)

    return call


shape("sumTo(Shape)", floating(lambda x: x.sum_to_size(3, 1)), scalar=floating(torch.sum),
      same=floating(lambda x: x))
shape("slice(int, int, int)", lambda x: x[:, 1:-1], clipped=lambda x: x[-100:100],
      empty=lambda x: x[3:1])
shape("slice(int, int, int, int)", lambda x: x[:, 1:6:2],
      backwards=lambda x: cut(x, 1, -1, -7, -1), backwards_by_3=lambda x: cut(x, 1, 5, 0, -3),
      of_a_slice=lambda x: cut(x, 1, 5, 0, -2)[0:4:3],
      empty_backwards=lambda x: cut(x, 0, 1, 3, -1))
shape("narrow(int, int, int)", lambda x: x.narrow(1, -4, 3))
shape("select(int, int)", lambda x: x.select(1, -2), to_a_scalar=lambda x: x.select(0, 3))
shape("split(int, int)", lambda x: x.split(4, 1))
shape("chunk(int, int)", lambda x: x.chunk(4, 1))
shape("unbind(int)", lambda x: x.unbind(1))
shape("roll(int, int)", lambda x: x.roll(2, 1), back=lambda x: x.roll(-7, 0))
shape("pad(double, int...)", lambda x: F.pad(x, (1, 2, 0, 1), value=0.75),
      cut=lambda x: F.pad(x, (-1, 3, 1, -2), value=2),
      last_axis=lambda x: F.pad(x, (0, 2), value=-1),
      around_nothing=lambda x: F.pad(x, (2, 1), value=3))
shape("repeat(int...)", lambda x: x.repeat(2, 1, 3), not_at_all=lambda x: x.repeat(0))
shape("tril(int)", lambda x: x.tril(0), above=lambda x: x.tril(2), below=lambda x: x.tril(-2))
shape("triu(int)", lambda x: x.triu(0), above=lambda x: x.triu(2), below=lambda x: x.triu(-2))


def concat(label, x):
    return [torch.cat([x[0], x[1], x[0]]) if label == "first axis" else torch.cat(x, -1)]


SHAPES["concat(int, Tensor[])"] = concat
SHAPES["stack(int, Tensor[])"] = lambda label, x: [
    torch.stack(x, -1 if label == "scalars" else 1)]


def dtype(label):
    return getattr(torch, label.split(" ")[0])


FILLED = {"7": ((2, 3), 7), "2.7": ((), 2.7), "-2.7": ((3,), -2.7), "none": ((0,), 1)}


def full(label, x):
    if label == "long":
        return [torch.full((2,), 2**63 - 4, dtype=torch.int64)]
    if label == "NaN":
        return [torch.full((2,), float("nan"))]
    size, value = FILLED[label.split(" ")[1]]
    return [torch.full(size, value, dtype=dtype(label))]


SHAPES["zeros(Shape, DType, Device)"] = lambda label, x: [torch.zeros(2, 3, dtype=dtype(label))]
SHAPES["ones(Shape, DType, Device)"] = lambda label, x: [torch.ones(2, 3, dtype=dtype(label))]
SHAPES["full(Shape, Number, DType, Device)"] = full
SHAPES["eye(int, int, DType, Device)"] = lambda label, x: [
    torch.eye(*((3, 5) if label.endswith("wide") else (4, 2)), dtype=dtype(label))]
SHAPES["arange(double, double, double, DType, Device)"] = lambda label, x: [{
    "backwards": lambda: torch.arange(5, -4, -2, dtype=torch.int32),
    "tenths": lambda: torch.arange(0, 1, 0.1, dtype=torch.float32),
    "tenths in float64": lambda: torch.arange(0, 1, 0.1, dtype=torch.float64),
    "empty": lambda: torch.arange(2, 2, 1, dtype=torch.int64)}[label]()]
SHAPES["linspace(double, double, int, DType, Device)"] = lambda label, x: [{
    "five": lambda: torch.linspace(0, 1, 5),
    "seven": lambda: torch.linspace(2, -3, 7, dtype=torch.float64),
    "one": lambda: torch.linspace(2, 3, 1), "none": lambda: torch.linspace(2, 3, 0),
    "whole": lambda: torch.linspace(0, 8, 5, dtype=torch.int64)}[label]()]
