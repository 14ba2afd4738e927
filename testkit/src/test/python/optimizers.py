"""Optimizers: parameters after several of twenty steps, in both floating types; and clipping."""

import torch
from torch import optim

from reference_text import Case, Numbers

STEPS = 20
KEPT = (1, 2, 5, 20)
TYPES = {"float32": torch.float32, "float64": torch.float64}
# At these steps the second parameter has no gradient.
WITHOUT = (0, 3, 7)
PULL = 0.3

OPTIMIZERS = """
    SGD(both, lr=0.1)
    SGD(both, lr=0.1, weight_decay=0.2)
    SGD(both, lr=0.1, maximize=True)
    SGD(both, lr=0.05, momentum=0.9)
    SGD(both, lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.01)
    SGD(both, lr=0.05, momentum=0.5, dampening=1.0)
    SGD(both, lr=0.05, momentum=0.8, nesterov=True)
    SGD(both, lr=0.05, momentum=0.8, weight_decay=0.1, nesterov=True, maximize=True)
    SGD(own, lr=0.1, momentum=0.5)
    Adam(both, lr=0.1)
    Adam(both, lr=0.1, betas=(0.0, 0.9))
    Adam(both, lr=0.1, betas=(0.9, 0.0))
    Adam(both, lr=0.1, eps=1.0)
    Adam(both, lr=0.05, weight_decay=0.3)
    Adam(both, lr=0.05, maximize=True)
    Adam(both, lr=0.05, amsgrad=True)
    Adam(both, lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1, amsgrad=True, maximize=True)
    Adam(own, lr=0.1, betas=(0.7, 0.99))
    AdamW(both, lr=0.1)
    AdamW(both, lr=0.1, weight_decay=0.0)
    AdamW(both, lr=0.05, maximize=True)
    AdamW(both, lr=0.05, betas=(0.7, 0.9), eps=1e-6, weight_decay=0.2, amsgrad=True, maximize=True)
    AdamW(own, lr=0.1)
    RMSprop(both, lr=0.05)
    RMSprop(both, lr=0.05, alpha=0.0)
    RMSprop(both, lr=0.05, centered=True)
    RMSprop(both, lr=0.02, momentum=0.6)
    RMSprop(both, lr=0.05, weight_decay=0.2, maximize=True)
    RMSprop(both, lr=0.02, alpha=0.9, eps=1e-5, weight_decay=0.05, momentum=0.6, centered=True)
    RMSprop(own, lr=0.05, momentum=0.3)
    Adagrad(both, lr=0.2)
    Adagrad(both, lr=0.2, lr_decay=0.1)
    Adagrad(both, lr=0.2, maximize=True)
    Adagrad(both, lr=0.2, lr_decay=0.1, weight_decay=0.05, initial_accumulator_value=0.3, eps=1e-6)
    Adagrad(own, lr=0.2)
"""


def groups(first, second):
    """What the words `both` and `own` stand for: one group, and one for each parameter."""
    return {
        "both": [first, second],
        "own": [{"params": [first]}, {"params": [second], "lr": 0.01, "weight_decay": 0.5}],
    }


def start():
    """The parameters' first values, and the part of each step's gradients that stays the same."""
    case = Case("start")
    numbers = Numbers("start")
    case.put("first", numbers.floats(6))
    case.put("second", numbers.floats(2, 3))
    for step in range(STEPS):
        case.put(f"{step}.first", numbers.floats(6, low=-1, high=1))
        if step not in WITHOUT:
            case.put(f"{step}.second", numbers.floats(2, 3, low=-1, high=1))
    return case


def made():
    beginning = start()
    yield beginning
    for words in OPTIMIZERS.strip().splitlines():
        case = Case(words.strip())
        for name, dtype in TYPES.items():
            one = descent(case.name, beginning, dtype, foreach=False)
            other = descent(case.name, beginning, dtype, foreach=True)
            for step in KEPT:
                for which, value in one[step].items():
                    torch.testing.assert_close(value, other[step][which])
                    case.put(f"{name}.{step}.{which}", value)
        yield case


def descent(words, beginning, dtype, foreach):
    """The parameters after each step, from 1 on."""
    parameters = {
        which: beginning.get(which).to(dtype).requires_grad_() for which in ("first", "second")
    }
    called = f"{words[:-1]}, foreach={foreach})"
    optimizer = eval(called, vars(optim), groups(**parameters))  # pylint: disable=eval-used
    after = {}
    for step in range(STEPS):
        for which, parameter in parameters.items():
            wave = f"{step}.{which}"
            parameter.grad = None
            if wave in beginning.lines:
                # A pull to the origin, beside what stays the same.
                parameter.grad = beginning.get(wave).to(dtype) + PULL * parameter.detach()
        optimizer.step()
        after[step + 1] = {which: p.detach().clone() for which, p in parameters.items()}
    return after


CLIPPED = """
    clip_grad_norm_(parameters, 1.5)
    clip_grad_norm_(parameters, 100.0)
    clip_grad_norm_(parameters, 0.5, norm_type=1)
    clip_grad_norm_(parameters, 0.5, norm_type=3)
    clip_grad_norm_(parameters, 0.5, norm_type=0.5)
    clip_grad_norm_(parameters, 0.5, norm_type=inf)
    clip_grad_norm_(parameters, 0.1, norm_type=-inf)
    clip_grad_norm_(parameters, 2.0, norm_type=0)
    clip_grad_value_(parameters, 0.7)
    clip_grad_value_(parameters, 0.0)
"""
INF, NAN = float("inf"), float("nan")
CORNERS = {
    "zeros": [[0.0, 0.0], [0.0]],
    "infinite": [[INF, 1.0], [-2.0]],
    "not a number": [[NAN, 1.0], [-2.0]],
}


def clipped():
    """Norms, and gradients after clipping, of three parameters of which one has none."""
    for words in map(str.strip, CLIPPED.strip().splitlines()):
        numbers = Numbers(words)
        yield clip(words, "", [numbers.floats(2, 3), numbers.floats(4)])
    for label, gradients in CORNERS.items():
        for words in ("clip_grad_norm_(parameters, 1.5)", "clip_grad_value_(parameters, 0.7)"):
            yield clip(words, ", " + label, [torch.tensor(g).double() for g in gradients])


def clip(words, label, gradients):
    case = Case(words + label)
    parameters = [torch.zeros_like(g).requires_grad_() for g in gradients]
    for i, (parameter, gradient) in enumerate(zip(parameters, gradients)):
        case.put(f"before.{i}", gradient)
        parameter.grad = gradient.clone()
    names = {"parameters": [*parameters, torch.zeros(2, requires_grad=True)], "inf": INF}
    norm = eval(words, vars(torch.nn.utils), names)  # pylint: disable=eval-used
    if norm is not None:
        case.put("norm", norm)
    for i, parameter in enumerate(parameters):
        case.put(f"after.{i}", parameter.grad)
    return case
