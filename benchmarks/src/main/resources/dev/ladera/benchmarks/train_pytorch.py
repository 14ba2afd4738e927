"""Trains in PyTorch as 'ladera train' does, and writes when each batch was done. Started by WarmUp.java."""

import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

TEST_BATCH = 500


def read(folder, name, count, side):
    inputs = torch.from_file(
        str(folder / f"{name}-inputs"), size=count * side * side, dtype=torch.float32).reshape(count, 1, side, side)
    targets = torch.from_file(str(folder / f"{name}-targets"), size=count, dtype=torch.int64)
    return inputs, targets


def mlp(side):
    return nn.Sequential(
        nn.Flatten(), nn.Linear(side * side, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10),
        nn.LogSoftmax(1))


def lenet(side):
    second = (side // 2 - 4) // 2
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(16 * second * second, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
        nn.LogSoftmax(1))


@torch.no_grad()
def test(net, inputs, targets):
    net.eval()
    right = 0
    loss = 0.0
    for at in range(0, len(inputs), TEST_BATCH):
        outputs = net(inputs[at:at + TEST_BATCH])
        loss += F.nll_loss(outputs, targets[at:at + TEST_BATCH], reduction="sum").item()
        right += (outputs.argmax(1) == targets[at:at + TEST_BATCH]).sum().item()
    return loss / len(inputs), right / len(inputs)


def main():
    folder, model, epochs, batch, lr, threads, times = sys.argv[1:]
    folder = Path(folder)
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    training, testing, side = map(int, (folder / "sizes.txt").read_text().split())
    inputs, targets = read(folder, "train", training, side)
    tested = read(folder, "test", testing, side)
    net = {"mlp": mlp, "lenet": lenet}[model](side)
    optimizer = torch.optim.SGD(net.parameters(), lr=float(lr), momentum=0.9)
    loss_fn = nn.NLLLoss()
    ends = []
    for epoch in range(int(epochs)):
        net.train()
        total = 0.0
        for indices in torch.randperm(training).split(int(batch)):
            optimizer.zero_grad(set_to_none=True)
            loss = loss_fn(net(inputs[indices]), targets[indices])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(indices)
            ends.append(time.time_ns() // 1000)
        loss, accuracy = test(net, *tested)
        print(f"epoch {epoch + 1} loss {total / training:.4f} test loss {loss:.4f} accuracy {accuracy:.4f}", flush=True)
        torch.save({"model": net.state_dict(), "optimizer": optimizer.state_dict()}, folder / "checkpoint.pt")
    Path(times).write_text("".join(f"{end}\n" for end in ends))


if __name__ == "__main__":
    main()
