"""What the JMH benchmarks time, in PyTorch: python peers_torch.py [THREADS]. Prints medians in microseconds."""

import sys
import time

import torch
from torch import nn


def median_microseconds(body, seconds=3.0):
    end = time.perf_counter() + seconds / 2
    while time.perf_counter() < end:
        body()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        body()
        times.append(time.perf_counter() - begin)
    return sorted(times)[len(times) // 2] * 1e6


def report(name, body):
    print(f"{name:40s} {median_microseconds(body):12.1f} us", flush=True)


def training_step(net, inputs, targets):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    loss_fn = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        loss_fn(net(inputs), targets).backward()
        optimizer.step()

    return step


def main():
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else torch.get_num_threads())
    torch.manual_seed(1)
    for size in (64, 256, 1024):
        a, b = torch.rand(size, size), torch.rand(size, size)
        report(f"matmul {size}", lambda: a @ b)
    for size in (100, 16384, 10_000_000):
        a, b = torch.rand(size), torch.rand(size)
        report(f"add {size}", lambda: a + b)
        report(f"fusedTanh {size}", lambda: torch.tanh(a * b + a))
        report(f"exp {size}", lambda: torch.exp(a))
        report(f"sum {size}", lambda: torch.sum(a))
    targets = torch.randint(0, 10, (64,))
    mlp = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    report("step mlp", training_step(mlp, torch.randn(64, 784), targets))
    lenet = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    report("step lenet", training_step(lenet, torch.randn(64, 1, 28, 28), targets))


if __name__ == "__main__":
    main()
