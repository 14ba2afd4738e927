"""Schedules: the rates of two groups at each step, and the momenta where they move."""

import math

import torch
from torch import optim

from reference_text import Case

STEPS = 24
START = ([0.5, -1.25, 2.0], [1.5, -0.75])
RATES = (0.5, 0.04)

# Alone, and several on one optimizer, one after the other.
SCHEDULES = """
    StepLR(optimizer, 3, gamma=0.5)
    StepLR(optimizer, 1)
    MultiStepLR(optimizer, [2, 7, 7, 11], gamma=0.3)
    MultiStepLR(optimizer, [0, 5], gamma=0.3)
    ExponentialLR(optimizer, 0.9)
    LinearLR(optimizer, 0.25, 1.0, total_iters=6)
    LinearLR(optimizer, 1.0, 0.0, total_iters=5)
    LinearLR(optimizer, 0.5, 0.75, total_iters=1)
    LinearLR(optimizer)
    CosineAnnealingLR(optimizer, 8)
    CosineAnnealingLR(optimizer, 8, eta_min=0.01)
    CosineAnnealingLR(optimizer, 5, eta_min=0.1)
    CosineAnnealingLR(optimizer, 1)
    CosineAnnealingLR(optimizer, 100)
    LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))
    LambdaLR(optimizer, [lambda epoch: 0.9 ** epoch, lambda epoch: 1 / (1 + epoch)])
    OneCycleLR(optimizer, 1.5, total_steps=24)
    OneCycleLR(optimizer, 1.5, total_steps=23)
    OneCycleLR(optimizer, [1.5, 0.2], total_steps=24)
    OneCycleLR(optimizer, 1.5, epochs=6, steps_per_epoch=4, pct_start=0.0)
    OneCycleLR(optimizer, 1.5, total_steps=24, pct_start=1.0)
    OneCycleLR(optimizer, 1.5, total_steps=24, anneal_strategy='linear', cycle_momentum=False)
    OneCycleLR(optimizer, 1.5, total_steps=24, pct_start=0.25, anneal_strategy='linear',\
 base_momentum=0.8, max_momentum=0.9, div_factor=10.0, final_div_factor=100.0, three_phase=True)
    OneCycleLR(optimizer, 1.5, total_steps=24, pct_start=0.4, three_phase=True)
    OneCycleLR(adam, 0.1, total_steps=24)
    LinearLR(optimizer, 0.25, 1.0, total_iters=4) then ExponentialLR(optimizer, 0.9)
    ExponentialLR(optimizer, 0.9) then MultiStepLR(optimizer, [3, 8], gamma=0.1)
    LinearLR(optimizer, 0.1, 1.0, total_iters=5) then CosineAnnealingLR(optimizer, 10, eta_min=0.001)
    CosineAnnealingLR(optimizer, 10, eta_min=0.001) then StepLR(optimizer, 4, gamma=0.5)
    StepLR(optimizer, 5, gamma=0.5) then LambdaLR(optimizer, lambda epoch: 0.9 ** epoch)
"""
# At this step the rates are halved by hand.
HALVED = 5
HALVING = """
    StepLR(optimizer, 3, gamma=0.5)
    ExponentialLR(optimizer, 0.9)
    LinearLR(optimizer, 0.25, 1.0, total_iters=10)
    CosineAnnealingLR(optimizer, 16, eta_min=0.001)
    LambdaLR(optimizer, lambda epoch: 0.9 ** epoch)
"""
PLATEAUS = """
    ReduceLROnPlateau(optimizer, patience=2)
    ReduceLROnPlateau(optimizer, factor=0.5, patience=0, eps=0.05)
    ReduceLROnPlateau(optimizer, factor=0.5, patience=1, threshold=0.05, threshold_mode='abs',\
 cooldown=2, min_lr=0.1)
    ReduceLROnPlateau(optimizer, factor=0.5, patience=1, threshold=0.02, min_lr=[0.1, 0.003])
    ReduceLROnPlateau(optimizer, mode='max', factor=0.3, patience=3)
    ReduceLROnPlateau(optimizer, mode='max', patience=1, threshold=0.1, threshold_mode='abs')
    ReduceLROnPlateau(optimizer, factor=0.0, patience=4, min_lr=0.001)
"""
NAN = float("nan")
VALUES = [5, 4, 4.5, 4.2, 4.1, 3.9, 3.95, 3.9, 3.91, 3.9, NAN, 3.9, 3.7, 3.8, 3.8, 3.8, 3.8, 3.8,
          -1, -1.01, -1.2, -1.2, -1.2, -1.2]


def lines(text):
    return [line.strip() for line in text.strip().splitlines()]


def made():
    for words in lines(SCHEDULES):
        yield run(words)
    for words in lines(HALVING):
        yield run(words, label=", halved", halved=HALVED)
    for words in lines(PLATEAUS):
        yield run(words, values=VALUES)


def run(words, label="", halved=None, values=None):
    parameters = [torch.tensor(start).double().requires_grad_() for start in START]
    groups = [{"params": [p], "lr": rate} for p, rate in zip(parameters, RATES)]
    # Whichever the words name is used.
    adam = "(adam" in words
    optimizer = optim.Adam(groups) if adam else optim.SGD(groups, lr=1.0, momentum=0.9)
    names = {"optimizer": optimizer, "adam": optimizer, "math": math}
    schedules = [
        eval(part, vars(optim.lr_scheduler), names)  # pylint: disable=eval-used
        for part in words.split(" then ")
    ]
    rates, momenta = [], []
    for step in range(STEPS):
        if step == halved:
            for group in optimizer.param_groups:
                group["lr"] /= 2
        rates.append([group["lr"] for group in optimizer.param_groups])
        momenta.append([group["betas"][0] if adam else group["momentum"]
                        for group in optimizer.param_groups])
        for parameter in parameters:
            parameter.grad = 0.3 * parameter.detach() + 0.1
        optimizer.step()
        for schedule in schedules if step < STEPS - 1 else []:
            if values is None:
                schedule.step()
            else:
                schedule.step(values[step])
    case = Case(words + label)
    if values:
        case.put("values", values)
    case.put("rates", rates)
    if "OneCycle" in words:
        case.put("momenta", momenta)
    for i, parameter in enumerate(parameters):
        case.put(f"after.{i}", parameter)
    return case
