"""Makes the reference values of Ladera's tests from PyTorch; needs torch and nothing else.

    python make_reference_values.py            writes all files
    python make_reference_values.py --check    writes none; fails where a file is not what would be
                                               made, but for last digits on another machine

Layers, losses, optimizers and schedules are listed in the scripts beside this one, by the words
that PyTorch is called with; a Java test names the same words. The inputs of operators are those
that are kept. After a change of the conformance suite's table they are made anew, in the project's
root:

    ./mvnw -pl testkit -am test -Dtest=PyTorchInputs -Dsurefire.failIfNoSpecifiedTests=false \\
        -Dladera.pytorch.inputs=/tmp/inputs.txt
    python testkit/src/test/python/make_reference_values.py --inputs /tmp/inputs.txt

and what PyTorch has no counterpart for is listed.
"""

import argparse
import pathlib
import sys
import warnings

import torch

import initialisers
import layers
import losses
import operators
import optimizers
import schedules
from reference_text import cases, difference

ROOT = pathlib.Path(__file__).resolve().parents[4]
OPERATORS = ROOT / "testkit/src/main/resources/dev/ladera/testkit/conformance/pytorch.txt"
NN = ROOT / "nn/src/test/resources/dev/ladera/nn"
OPTIM = ROOT / "optim/src/test/resources/dev/ladera/optim"
MAKERS = {
    NN / "layers.txt": layers.made,
    NN / "losses.txt": losses.made,
    NN / "initialisers.txt": initialisers.made,
    OPTIM / "optimizers.txt": optimizers.made,
    OPTIM / "clipping.txt": optimizers.clipped,
    OPTIM / "schedules.txt": schedules.made,
}
VERSION = torch.__version__.split("+")[0]
HEADER = f"# Made by make_reference_values.py with PyTorch {VERSION}.\n"


def texts(inputs):
    """Each file with its text and how many cases that has."""
    missing = {}
    questions = cases(inputs.read_text(encoding="utf-8"))
    found = {OPERATORS: list(operators.made(questions, missing))}
    found.update((path, list(maker())) for path, maker in MAKERS.items())
    for operation, reasons in sorted(missing.items()):
        print(operation, *sorted(reasons), sep="\n    ")
    for path, made in found.items():
        names = [case.name for case in made]
        assert len(names) == len(set(names)), f"{path.name}: a name stands twice"
        yield path, len(made), HEADER + "".join(map(str, made))
    yield NN / "tree.txt", 1, layers.tree()


def main():
    parser = argparse.ArgumentParser(description="Makes the reference values of Ladera's tests.")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("--inputs", type=pathlib.Path, default=OPERATORS, help="of operators")
    options = parser.parse_args()
    torch.set_num_threads(1)
    # Advice about odd attributes, which are the point here.
    warnings.simplefilter("ignore")
    wrong = 0
    for path, count, text in texts(options.inputs):
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        state = "written"
        if options.check:
            found = difference(text, kept)
            wrong += found is not None
            state = f"DIFFERS: {found}" if found else "same" if text == kept else "close"
        else:
            path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {count} cases, {len(text)} bytes, {state}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
