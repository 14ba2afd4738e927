"""What NumPy and PyTorch answer in the corners that docs/corners.md lists.

    python testkit/src/test/python/corners.py

compares the two last columns of the page with what the installed versions answer, and prints the lines
that differ. The column before them is compared with Ladera by each build.
"""

import pathlib
import sys
import warnings

import numpy as np
import torch

warnings.simplefilter("ignore")
np.seterr(all="ignore")

MIN, MAX = -(2**31), 2**31 - 1
INF, NAN = float("inf"), float("nan")


def ni(*values):
    return np.array(values, np.int32)


def nl(*values):
    return np.array(values, np.int64)


def nf(*values):
    return np.array(values, np.float32)


def ti(*values):
    return torch.tensor(values, dtype=torch.int32)


def tl(*values):
    return torch.tensor(values, dtype=torch.int64)


def tf(*values):
    return torch.tensor(values, dtype=torch.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def negative_sums(x):
    return [float(sums.min()) for sums in (x.sum(), x.sum(0), x.sum(1), x.T.sum(1), x[0, 0].sum())]


# corner: (NumPy, PyTorch); None where there is no such function.
CORNERS = {
    "an integer divided by zero gives 0": (
        lambda: ni(7, -7, 0) // ni(0, 0, 0),
        lambda: ti(7, -7, 0) // ti(0, 0, 0)),
    "an integer modulo zero gives 0": (
        lambda: np.remainder(ni(7, -7), ni(0, 0)),
        lambda: torch.remainder(ti(7, -7), ti(0, 0))),
    "an integer fmod zero gives 0": (
        lambda: np.fmod(nl(7, -7), nl(0, 0)),
        lambda: torch.fmod(tl(7, -7), tl(0, 0))),
    "the least integer divided by −1 wraps around": (
        lambda: ni(MIN) // ni(-1),
        None),
    "the least integer modulo −1 is 0": (
        lambda: np.remainder(ni(MIN, MIN), ni(-1, 1)),
        None),
    "the least long divided by −1 wraps around": (
        lambda: nl(-(2**63)) // nl(-1),
        None),
    "integers wrap around": (
        lambda: np.concatenate([
            ni(MAX) + ni(1), ni(MIN) - ni(1), ni(MAX) * ni(MAX), -ni(MIN), abs(ni(MIN))]),
        lambda: torch.cat([
            ti(MAX) + 1, ti(MIN) - 1, ti(MAX) * MAX, -ti(MIN), abs(ti(MIN))])),
    "floor division rounds down": (
        lambda: ni(7, -7, 7, -7) // ni(2, 2, -2, -2),
        lambda: ti(7, -7, 7, -7) // ti(2, 2, -2, -2)),
    "a remainder has the divisor's sign": (
        lambda: np.remainder(ni(7, -7, 7, -7), ni(2, 2, -2, -2)),
        lambda: torch.remainder(ti(7, -7, 7, -7), ti(2, 2, -2, -2))),
    "fmod has the dividend's sign": (
        lambda: np.fmod(ni(7, -7, 7, -7), ni(2, 2, -2, -2)),
        lambda: torch.fmod(ti(7, -7, 7, -7), ti(2, 2, -2, -2))),
    "negative powers of integers are 0, or ±1": (
        lambda: ni(2, 1, -1, -1, 0) ** ni(-1, -5, -3, -4, -1),
        lambda: ti(2, 1, -1, -1, 0) ** ti(-1, -5, -3, -4, -1)),
    "powers of integers wrap around": (
        lambda: ni(3, 2) ** ni(23, 32),
        lambda: ti(3, 2) ** ti(23, 32)),
    "a distance of shifting is taken modulo the width": (
        lambda: np.concatenate([ni(1) << ni(33), ni(4) >> ni(34), ni(-1) >> ni(31)]),
        lambda: torch.cat([ti(1) << ti(33), ti(4) >> ti(34), ti(-1) >> ti(31)])),
    "a number divided by zero is infinite, zero NaN": (
        lambda: nf(1, -1, 0, 1) / nf(0, 0, 0, -0.0),
        lambda: tf(1, -1, 0, 1) / tf(0, 0, 0, -0.0)),
    "the larger of NaN and a number is NaN": (
        lambda: np.maximum(nf(NAN, 1), nf(1, NAN)),
        lambda: torch.maximum(tf(NAN, 1), tf(1, NAN))),
    "the smaller of NaN and a number is NaN": (
        lambda: np.minimum(nf(NAN, 1), nf(1, NAN)),
        lambda: torch.minimum(tf(NAN, 1), tf(1, NAN))),
    "NaN equals nothing": (
        lambda: np.concatenate([
            nf(NAN) == NAN, nf(NAN) != nf(NAN), nf(NAN) <= nf(NAN), nf(NAN) >= 1]),
        lambda: torch.cat([
            tf(NAN) == NAN, tf(NAN) != tf(NAN), tf(NAN) <= tf(NAN), tf(NAN) >= 1])),
    "halves are rounded to the even integer": (
        lambda: np.round(nf(-1.5, -0.5, 0.5, 1.5, 2.5, 3.5)),
        lambda: torch.round(tf(-1.5, -0.5, 0.5, 1.5, 2.5, 3.5))),
    "signs of NaN and zeros stay": (
        lambda: np.sign(nf(NAN, 0, -0.0, INF, -1e-45)),
        lambda: torch.sign(tf(NAN, 0, -0.0, INF, -1e-45))),
    "NaN passes relu, elu and clamp": (
        None,
        lambda: torch.cat([
            torch.relu(tf(NAN)), torch.nn.functional.elu(tf(NAN)), tf(NAN).clamp(0, 1)])),
    "1 to any power and anything to the power of 0 is 1": (
        lambda: nf(1, NAN, INF) ** nf(NAN, 0, 0),
        lambda: tf(1, NAN, INF) ** tf(NAN, 0, 0)),
    "exponentials neither overflow to NaN nor stop at zero too early": (
        lambda: np.exp(nf(1000, -1000, 0)),
        lambda: tf(1000, -1000, 0).exp()),
    "logarithms of 0 and below": (
        lambda: np.log(nf(0, -1, 1)),
        lambda: tf(0, -1, 1).log()),
    "sigmoid and tanh level off": (
        lambda: np.concatenate([sigmoid(nf(200, -200)), np.tanh(nf(200, -200))]),
        lambda: torch.cat([tf(200, -200).sigmoid(), tf(200, -200).tanh()])),
    "subnormal numbers are not flushed to zero": (
        lambda: np.concatenate([nf(1e-45) * 2, nf(1e-39) / 2]),
        lambda: torch.cat([tf(1e-45) * 2, tf(1e-39) / 2])),
    "floating to integer cuts off": (
        lambda: nf(2.9, -2.9, 0.9, -0.9).astype(np.int32),
        lambda: tf(2.9, -2.9, 0.9, -0.9).to(torch.int32)),
    "floating to int32 saturates, NaN becomes 0": (
        lambda: nf(3e9, -3e9, INF, -INF, NAN).astype(np.int32),
        lambda: tf(3e9, -3e9, INF, -INF, NAN).to(torch.int32)),
    "floating to int64 saturates, NaN becomes 0": (
        lambda: nf(1e19, -1e19, INF, NAN).astype(np.int64),
        lambda: tf(1e19, -1e19, INF, NAN).to(torch.int64)),
    "int64 to int32 wraps around": (
        lambda: nl(1 << 32, -1, 1 << 31).astype(np.int32),
        lambda: tl(1 << 32, -1, 1 << 31).to(torch.int32)),
    "anything to bool is not zero": (
        lambda: nf(0, -0.0, NAN, 1e-45, -INF).astype(bool),
        lambda: tf(0, -0.0, NAN, 1e-45, -INF).to(torch.bool)),
    "int64 to float32 rounds to nearest": (
        lambda: nl(16777217, 16777219).astype(np.float32),
        lambda: tl(16777217, 16777219).to(torch.float32)),
    "true division of integers is float32": (
        lambda: ni(7, 1) / ni(2, 3),
        lambda: ti(7, 1) / ti(2, 3)),
    "a number never widens a tensor": (
        lambda: nf(1) + 0.1,
        lambda: tf(1) + 0.1),
    "bool plus bool is or": (
        lambda: np.array([True, True, False]) + np.array([True, False, False]),
        lambda: torch.tensor([True, True, False]) + torch.tensor([True, False, False])),
    "a long number keeps all its bits": (
        lambda: nl(0) + (2**53 + 1),
        lambda: tl(0) + (2**53 + 1)),
    "the sum of nothing is 0": (lambda: nf().sum(), lambda: tf().sum()),
    "a sum of negative zeros is 0": (
        lambda: negative_sums(np.full((40, 50), -0.0, np.float32)),
        lambda: negative_sums(torch.full((40, 50), -0.0))),
    "the product of nothing is 1": (lambda: nf().prod(), lambda: tf().prod()),
    "the mean of nothing is NaN": (lambda: nf().mean(), lambda: tf().mean()),
    "any of nothing is false": (lambda: ni().any(), lambda: ti().any()),
    "all of nothing is true": (lambda: ni().all(), lambda: ti().all()),
    "the variance of one is NaN": (lambda: nf(3).var(ddof=1), lambda: tf(3).var()),
    "sums of int32 are int64": (lambda: ni(MAX, MAX).sum(), lambda: ti(MAX, MAX).sum()),
    "NaN wins in maxima": (lambda: nf(1, NAN, INF).max(), lambda: tf(1, NAN, INF).amax()),
    "NaN wins in minima": (lambda: nf(1, NAN, -INF).min(), lambda: tf(1, NAN, -INF).amin()),
    "the first of equals is found": (
        lambda: nf(1, 3, 3, 2).argmax(),
        lambda: tf(1, 3, 3, 2).argmax()),
    "the first of equal least is found": (
        lambda: nf(4, 3, 1, 1).argmin(),
        lambda: tf(4, 3, 1, 1).argmin()),
    "NaN is found": (
        lambda: nf(1, INF, NAN, 5, NAN).argmax(),
        lambda: tf(1, INF, NAN, 5, NAN).argmax()),
    "NaN is found as the least too": (
        lambda: nf(-INF, NAN).argmin(),
        lambda: tf(-INF, NAN).argmin()),
    "log of the sum of exponentials of −∞ is −∞": (
        lambda: np.logaddexp.reduce(nf(-INF, -INF)),
        lambda: tf(-INF, -INF).logsumexp(0)),
    "log of the sum of exponentials does not overflow": (
        lambda: np.logaddexp.reduce(nf(1000, 0, -1000)),
        lambda: tf(1000, 0, -1000).logsumexp(0)),
    "NaN is sorted to the end": (
        lambda: np.sort(nf(NAN, 1, NAN, -INF, INF)),
        lambda: tf(NAN, 1, NAN, -INF, INF).sort().values),
    "NaN comes first in descent": (
        lambda: np.sort(nf(1, NAN, INF))[::-1],
        lambda: tf(1, NAN, INF).sort(descending=True).values),
    "NaN is the largest": (None, lambda: tf(5, NAN, 1).topk(2).values),
    "negative places count from the end": (
        lambda: nf(10, 20, 30)[ni(-1, 0)],
        lambda: tf(10, 20, 30).index_select(0, tl(-1, 0))),
    "a class that is not there has a row of zeros": (
        None,
        lambda: torch.nn.functional.one_hot(tl(7), 3)),
    "softmax of −∞ among numbers": (None, lambda: tf(-INF, 0).softmax(0)),
    "a product over nothing is 0": (
        lambda: np.zeros((2, 0), np.float32) @ np.zeros((0, 2), np.float32),
        lambda: torch.zeros(2, 0) @ torch.zeros(0, 2)),
    "padding is no value for maxima": (
        None,
        lambda: torch.nn.functional.max_pool1d(torch.full((1, 1, 1), -3.0), 2, 2, 1)),
    "padding counts as zeros in averages": (
        None,
        lambda: torch.nn.functional.avg_pool1d(torch.full((1, 1, 1), -3.0), 2, 2, 1)),
}


def word(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if value != value:
        return "NaN"
    if value in (INF, -INF):
        return "∞" if value > 0 else "-∞"
    if value == int(value) and abs(value) < 2**31:
        return ("-" if str(value).startswith("-") else "") + str(abs(int(value)))
    return str(np.float32(value))


def answer(function):
    if function is None:
        return "–"
    try:
        return ", ".join(word(value) for value in np.asarray(function()).ravel().tolist())
    except (RuntimeError, ValueError, IndexError, ZeroDivisionError):
        return "error"


def main():
    if "--print" in sys.argv:
        for corner, (numpy, pytorch) in CORNERS.items():
            print(f"| {corner} | {answer(numpy)} | {answer(pytorch)} |")
        return 0
    page = pathlib.Path(__file__).parents[4] / "docs" / "corners.md"
    rows = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and cells[0] in CORNERS:
            rows[cells[0]] = cells[3:]
    wrong = 0
    for corner, functions in CORNERS.items():
        found = [answer(function) for function in functions]
        if rows.get(corner) != found:
            wrong += 1
            print(f"{corner}: the page says {rows.get(corner)}; they answer {found}")
    print(f"{len(CORNERS)} corners, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
