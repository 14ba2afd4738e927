"""Asks PyTorch what it answers for the samples of the conformance suite's table.

Three steps, in the project's root:

    ./mvnw -pl testkit -am test -Dtest=PyTorchInputs -Dsurefire.failIfNoSpecifiedTests=false \\
        -Dladera.pytorch.inputs=/tmp/inputs.txt
    python testkit/src/test/python/reference_values.py /tmp/inputs.txt \\
        testkit/src/main/resources/dev/ladera/testkit/conformance/pytorch.txt
    ./mvnw -pl testkit -am test -Dtest='ReferenceConformanceTest' \\
        -Dsurefire.failIfNoSpecifiedTests=false

The inputs come from the table itself, by the ids of its samples; torch_operations.py says what they
are called in PyTorch. What PyTorch has no counterpart for is left out, and listed at the end.
"""

import sys

import torch

from torch_operations import answer

DTYPES = {
    "float32": torch.float32,
    "float64": torch.float64,
    "int32": torch.int32,
    "int64": torch.int64,
    "bool": torch.bool,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def parse(line):
    """A tensor from a line of type, shape and values."""
    _, name, sizes, *values = line.split(" ")
    shape = [] if sizes == "-" else [int(size) for size in sizes.split("x")]
    dtype = DTYPES[name]
    number = float if dtype.is_floating_point else int
    values = [number(value) for value in values if value]
    return torch.tensor(values, dtype=dtype).reshape(shape)


def text(word, tensor):
    """A line of type, shape and values."""
    tensor = tensor.detach().contiguous()
    sizes = "x".join(str(size) for size in tensor.shape) or "-"
    values = tensor.reshape(-1).tolist()
    if tensor.dtype.is_floating_point:
        values = ["%.10g" % value for value in values]
    else:
        values = [str(int(value)) for value in values]
    return " ".join([word, NAMES[tensor.dtype], sizes, *values])


def gradients(inputs, outputs):
    """Those of the outputs of the inputs' type, weighted by the cosines of their places."""
    total = None
    for output in outputs:
        if output.requires_grad and output.dtype == torch.float64:
            weights = torch.arange(output.numel(), dtype=torch.float64).cos()
            part = (output * weights.reshape(output.shape)).sum()
            total = part if total is None else total + part
    floating = [x for x in inputs if x.requires_grad]
    if total is None or not floating:
        return []
    found = torch.autograd.grad(total, floating, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for x, g in zip(floating, found)]


def entries(path):
    name, lines = None, []
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line.startswith("case "):
                if name:
                    yield name, lines
                name, lines = line[5:], []
            else:
                lines.append(line)
    yield name, lines


def main(source, target):
    missing = {}
    written = 0
    with open(target, "w", encoding="utf-8") as out:
        out.write(f"# What PyTorch {torch.__version__.split('+')[0]} answers; see reference_values.py.\n")
        for name, lines in entries(source):
            operation, label, dtype = name.rsplit("/", 2)
            inputs = [parse(line) for line in lines]
            for x in inputs:
                # Special values have no gradients: their type ends in another word.
                x.requires_grad_(dtype == "float64" and x.dtype == torch.float64)
            try:
                outputs = answer(operation, label, inputs)
                found = gradients(inputs, outputs)
            except (KeyError, NotImplementedError) as reason:
                missing.setdefault(operation, set()).add(f"{label}: {reason}")
                continue
            except (RuntimeError, TypeError, ValueError, IndexError) as reason:
                words = str(reason).splitlines()[0]
                missing.setdefault(operation, set()).add(f"{label}/{dtype}: refused, {words}")
                continue
            written += 1
            out.write(f"case {name}\n")
            for line in lines:
                out.write(line + "\n")
            for output in outputs:
                out.write(text("out", output) + "\n")
            for gradient in found:
                out.write(text("grad", gradient) + "\n")
    print(f"{written} entries")
    for operation, labels in sorted(missing.items()):
        print(operation, *sorted(labels), sep="\n    ")


if __name__ == "__main__":
    main(*sys.argv[1:])
