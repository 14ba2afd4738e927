"""The text that reference values are kept in.

A case begins with a line `case NAME`. Each further line is a tensor: its name, type, shape (sizes
joined by x, or -) and values in row-major order, float64 with twelve digits, float32 with nine.
"""

import random
import re

import torch

DTYPES = {
    "float32": torch.float32,
    "float64": torch.float64,
    "int32": torch.int32,
    "int64": torch.int64,
    "bool": torch.bool,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
DIGITS = {torch.float32: "%.9g", torch.float64: "%.12g"}
# What machines may differ by: the last digits, as vector instructions round otherwise.
CLOSE = {"float32": 1e-5, "float64": 1e-9}


class Case:
    """Named tensors; put in order, as they are written."""

    def __init__(self, name):
        self.name = name
        self.lines = {}

    def put(self, name, tensor):
        """A tensor, or what makes one, in float64 where it has no type of its own."""
        if not torch.is_tensor(tensor):
            tensor = torch.tensor(tensor, dtype=None if isinstance(tensor, bool) else torch.float64)
        self.lines[name] = written(tensor)

    def get(self, name):
        """A tensor as it was written, so that both sides compute with the same numbers."""
        return read(self.lines[name])

    def __str__(self):
        return "".join([f"case {self.name}\n"] + [f"{n} {t}\n" for n, t in self.lines.items()])


def written(tensor):
    """Type, shape and values."""
    tensor = tensor.detach().contiguous()
    sizes = "x".join(str(size) for size in tensor.shape) or "-"
    values = tensor.reshape(-1).tolist()
    if tensor.dtype.is_floating_point:
        values = [DIGITS[tensor.dtype] % value for value in values]
    else:
        values = [str(int(value)) for value in values]
    return " ".join([NAMES[tensor.dtype], sizes, *values])


def read(text):
    """The tensor of a line's type, shape and values."""
    name, sizes, *values = text.split(" ")
    shape = [] if sizes == "-" else [int(size) for size in sizes.split("x")]
    dtype = DTYPES[name]
    number = float if dtype.is_floating_point else int
    return torch.tensor([number(value) for value in values], dtype=dtype).reshape(shape)


def cases(text):
    """The cases of a text."""
    found = []
    for line in text.splitlines():
        if line.startswith("case "):
            found.append(Case(line[5:]))
        elif line and not line.startswith("#"):
            name, tensor = line.split(" ", 1)
            found[-1].lines[name] = tensor
    return found


def difference(made, kept):
    """How two texts differ, in words; None if they do not, but for the last digits."""
    if made == kept:
        return None
    made, kept = made.splitlines(), kept.splitlines()
    if len(made) != len(kept):
        return f"{len(made)} lines; {len(kept)} are kept"
    for number, (new, old) in enumerate(zip(made, kept), 1):
        if new != old and not new.startswith("#") and not close(new.split(" "), old.split(" ")):
            return f"line {number}: {new[:200]}\n    kept: {old[:200]}"
    return None


def close(new, old):
    """Whether two lines are of one tensor, to the last digits."""
    if len(new) != len(old) or new[:3] != old[:3] or new[1] not in CLOSE:
        return False
    largest = max([1.0] + [abs(float(x)) for x in old[3:] if re.match(r"-?\d", x)])
    return all(
        a == b or abs(float(a) - float(b)) <= CLOSE[new[1]] * largest
        for a, b in zip(new[3:], old[3:])
    )


def weights(tensor, dtype=torch.float64):
    """Of a sum over a tensor: the cosines of places. So gradients need no further numbers."""
    return torch.arange(tensor.numel(), dtype=dtype).cos().reshape(tensor.shape)


def gradients(outputs, inputs, **options):
    """Of the outputs' weighted sum, zeros where it does not depend on an input."""
    total = sum((y * weights(y, y.dtype)).sum() for y in outputs if y.requires_grad)
    found = torch.autograd.grad(total, inputs, allow_unused=True, **options)
    return [torch.zeros_like(x) if none(g) else g for x, g in zip(inputs, found)]


def none(gradient):
    """Whether there is none, or one that PyTorch knows to be zero and has not made."""
    return gradient is None or gradient._is_zerotensor()


class Numbers(random.Random):
    """Random numbers that are the same everywhere: Python's own, keyed by a name."""

    def floats(self, *shape, low=-2.0, high=2.0, dtype=torch.float64):
        """Evenly distributed, to three decimals."""
        count = torch.Size(shape).numel()
        values = [round(self.uniform(low, high), 3) for _ in range(count)]
        return torch.tensor(values, dtype=dtype).reshape(shape)

    def integers(self, *shape, low, high, dtype=torch.int64):
        """From low to high, both included."""
        count = torch.Size(shape).numel()
        return torch.tensor(
            [self.randint(low, high) for _ in range(count)], dtype=dtype
        ).reshape(shape)
