"""Times in PyTorch what the tables of Benchmarks time in Ladera. Driven by lines of JSON; see Peer.java."""

import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH_NANOS = 20_000_000
SAMPLES_A_TURN = 3
TURN_NANOS = 100_000_000
STEADY_BATCHES = 10
FASTER = 0.98
MOST_GROWTH = 100
CHECK_CALLS = 3
LR = 1e-8  # see TrainingSteps.java


# --- the same numbers as Inputs.java --------------------------------------------------------------


def hash_of(seed, count):
    h = (torch.arange(count, dtype=torch.int64) + seed * 0x9E3779B9) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return h ^ (h >> 16)


def values(seed, *shape):
    h = hash_of(seed, math.prod(shape))
    return ((h >> 8).to(torch.float64) * 2.0**-23 - 1).to(torch.float32).reshape(shape)


def leaf(seed, *shape):
    return values(seed, *shape).requires_grad_()


def places(seed, bound, count):
    return (hash_of(seed, count) >> 1) % bound


@torch.no_grad()
def weights(module):
    for i, (name, parameter) in enumerate(module.named_parameters()):
        if parameter.dim() > 1:
            inputs = parameter.numel() / parameter.shape[0]
            parameter.copy_(values(100 + i, *parameter.shape) * (1 / math.sqrt(inputs)))
        elif name.endswith("bias"):
            parameter.zero_()
    return module


# --- bodies ---------------------------------------------------------------------------------------


class Prepared:
    def __init__(self, body, leaves=(), recording=False):
        self.body = body
        self.leaves = list(leaves)
        self.recording = recording


def backward(forward, gradient, *leaves):
    def body():
        for one in leaves:
            one.grad = None
        out = forward()
        out.backward(gradient)
        return out

    return Prepared(body, leaves, True)


def matmul(m, k, n):
    a, b = values(1, m, k), values(2, k, n)
    return Prepared(lambda: a @ b)


def matmul_right_t(m, k, n):
    a, b = values(1, m, k), values(2, n, k)
    return Prepared(lambda: a @ b.t())


def matmul_left_t(m, k, n):
    a, b = values(1, k, m), values(2, k, n)
    return Prepared(lambda: a.t() @ b)


def batched_matmul(b, m, k, n):
    left, right = values(1, b, m, k), values(2, b, k, n)
    return Prepared(lambda: left @ right)


def unary(function):
    def prepare(*shape):
        x = values(1, *shape)
        return Prepared(lambda: function(x))

    return prepare


def unary_backward(function):
    def prepare(*shape):
        x = leaf(1, *shape)
        return backward(lambda: function(x), values(2, *shape), x)

    return prepare


def binary(function):
    def prepare(*shape):
        a, b = values(1, *shape), values(2, *shape)
        return Prepared(lambda: function(a, b))

    return prepare


def tanh_chain(n):
    a, b, c = values(1, n), values(2, n), values(3, n)
    return Prepared(lambda: torch.tanh(a * b + c))


def add_row(rows, columns):
    a, b = values(1, rows, columns), values(2, columns)
    return Prepared(lambda: a + b)


def add_column(rows, columns):
    a, b = values(1, rows, columns), values(2, rows, 1)
    return Prepared(lambda: a + b)


def layer_norm(rows, columns):
    x, w, b = values(1, rows, columns), values(2, columns), values(3, columns)
    return Prepared(lambda: F.layer_norm(x, (columns,), w, b, 1e-5))


def layer_norm_gradient(rows, columns):
    x, w, b = leaf(1, rows, columns), leaf(2, columns), leaf(3, columns)
    return backward(lambda: F.layer_norm(x, (columns,), w, b, 1e-5), values(4, rows, columns), x, w, b)


def conv(batch, channels, side, outputs, kernel, stride, padding):
    x, w = values(1, batch, channels, side, side), values(2, outputs, channels, kernel, kernel)
    return Prepared(lambda: F.conv2d(x, w, None, stride, padding))


def side_of(size, kernel, stride, padding):
    return (size + 2 * padding - kernel) // stride + 1


def conv_gradient(batch, channels, side, outputs, kernel, stride, padding):
    x, w = leaf(1, batch, channels, side, side), leaf(2, outputs, channels, kernel, kernel)
    out = side_of(side, kernel, stride, padding)
    return backward(lambda: F.conv2d(x, w, None, stride, padding), values(3, batch, outputs, out, out), x, w)


def pool_gradient(function):
    def prepare(batch, channels, side, kernel, stride, padding):
        x = leaf(1, batch, channels, side, side)
        out = side_of(side, kernel, stride, padding)
        return backward(lambda: function(x, kernel, stride, padding), values(2, batch, channels, out, out), x)

    return prepare


def embedding(rows, width, count):
    table, where = values(1, rows, width), places(2, rows, count)
    return Prepared(lambda: F.embedding(where, table))


def scatter_add(rows, width, count):
    table, added = values(1, rows, width), values(3, count, width)
    where = places(2, rows, count).unsqueeze(1).expand(count, width)
    return Prepared(lambda: table.scatter_add(0, where, added))


def sort(n):
    x = values(1, n)
    return Prepared(lambda: x.sort(0).values)


def topk(n, k):
    x = values(1, n)
    return Prepared(lambda: x.topk(k).values)


def optimizer_step(optimizer_of):
    def prepare(n):
        parameter = leaf(1, n)
        parameter.grad = values(2, n)
        optimizer = optimizer_of([parameter])

        def body():
            optimizer.step()
            return parameter

        return Prepared(body, (), True)

    return prepare


def perceptron():
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(out)) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        layers = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
        inputs = 16
        for i in range(3 * blocks):
            outputs = 16 << i // blocks
            layers.append(Block(inputs, outputs, 1 if inputs == outputs else 2))
            inputs = outputs
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.body(x).mean((2, 3)))


def step(net, optimizer, loss_fn, inputs, targets):
    def body():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_fn(net(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return Prepared(body, net.parameters(), True)


def sgd(net):
    return torch.optim.SGD(net.parameters(), lr=LR, momentum=0.9)


def mlp_sgd(batch):
    net = weights(perceptron())
    return step(net, sgd(net), nn.CrossEntropyLoss(), values(1, batch, 784), places(2, 10, batch))


def mlp_adam(batch):
    net = weights(perceptron())
    optimizer = torch.optim.Adam(net.parameters(), lr=LR)
    return step(net, optimizer, nn.CrossEntropyLoss(), values(1, batch, 784), places(2, 10, batch))


def lenet_sgd(batch):
    net = weights(lenet())
    return step(net, sgd(net), nn.CrossEntropyLoss(), values(1, batch, 1, 28, 28), places(2, 10, batch))


def resnet_sgd(batch, blocks):
    net = weights(ResNet(blocks))
    return step(net, sgd(net), nn.CrossEntropyLoss(), values(1, batch, 3, 32, 32), places(2, 10, batch))


def encoder_sgd(batch, length, width, heads, inner):
    net = weights(nn.TransformerEncoderLayer(
        width, heads, inner, dropout=0.0, activation="gelu", batch_first=True))
    shape = (batch, length, width)
    return step(net, sgd(net), nn.MSELoss(), values(1, *shape), values(2, *shape))


def inference(net_of, *shape):
    def prepare(batch):
        net = weights(net_of()).eval()
        x = values(1, batch, *shape)
        return Prepared(lambda: net(x))

    return prepare


OPERATIONS = {
    "matmul": matmul,
    "matmulRightT": matmul_right_t,
    "matmulLeftT": matmul_left_t,
    "batchedMatmul": batched_matmul,
    "copy": unary(torch.clone),
    "add": binary(torch.add),
    "mul": binary(torch.mul),
    "exp": unary(torch.exp),
    "tanh": unary(torch.tanh),
    "gelu": unary(F.gelu),
    "relu": unary(torch.relu),
    "tanhChain": tanh_chain,
    "addRow": add_row,
    "addColumn": add_column,
    "sum": unary(torch.sum),
    "sumColumns": unary(lambda x: x.sum(0)),
    "sumRows": unary(lambda x: x.sum(1)),
    "mean": unary(torch.mean),
    "meanColumns": unary(lambda x: x.mean(0)),
    "meanRows": unary(lambda x: x.mean(1)),
    "max": unary(torch.amax),
    "maxColumns": unary(lambda x: x.amax(0)),
    "maxRows": unary(lambda x: x.amax(1)),
    "softmax": unary(lambda x: x.softmax(1)),
    "softmaxGradient": unary_backward(lambda x: x.softmax(1)),
    "logSoftmax": unary(lambda x: x.log_softmax(1)),
    "logSoftmaxGradient": unary_backward(lambda x: x.log_softmax(1)),
    "layerNorm": layer_norm,
    "layerNormGradient": layer_norm_gradient,
    "conv": conv,
    "convGradient": conv_gradient,
    "maxPoolGradient": pool_gradient(F.max_pool2d),
    "avgPoolGradient": pool_gradient(F.avg_pool2d),
    "embedding": embedding,
    "scatterAdd": scatter_add,
    "sort": sort,
    "topk": topk,
    "sgdMomentum": optimizer_step(lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9)),
    "adam": optimizer_step(lambda p: torch.optim.Adam(p, lr=1e-3)),
    "mlpSgd": mlp_sgd,
    "mlpGraph": mlp_sgd,
    "mlpAdam": mlp_adam,
    "lenetSgd": lenet_sgd,
    "resnetSgd": resnet_sgd,
    "encoderSgd": encoder_sgd,
    "mlpInference": inference(perceptron, 784),
    "lenetInference": inference(lenet, 1, 28, 28),
}


# --- what is compared, as Check.java does ---------------------------------------------------------


def check(prepared):
    numbers = []
    for _ in range(CHECK_CALLS if prepared.recording else 1):
        with torch.set_grad_enabled(prepared.recording):
            tensors = [prepared.body()]
        tensors += [one.grad for one in prepared.leaves if one.grad is not None]
        for tensor in tensors:
            flat = tensor.detach().to(torch.float64).reshape(-1)
            fixed = values(0, flat.numel()).to(torch.float64)
            numbers.append(float((flat * fixed).sum()) / math.sqrt(flat.numel()))
            numbers.append(math.sqrt(float((flat * flat).mean())))
    return numbers


# --- time, as Loop.java takes it ------------------------------------------------------------------


class Loop:
    def __init__(self, prepared):
        self.body = prepared.body
        self.recording = prepared.recording
        self.calls = 1
        self.result = None

    def batch(self):
        body = self.body
        begin = time.perf_counter_ns()
        for _ in range(self.calls):
            self.result = body()
        synchronize()
        return (time.perf_counter_ns() - begin) / self.calls

    def warm_up(self, least, most):
        with torch.set_grad_enabled(self.recording):
            begin = time.perf_counter()
            best = math.inf
            steady = 0
            while True:
                nanos = self.batch()
                if nanos * self.calls < BATCH_NANOS:
                    self.calls = int(min(self.calls * MOST_GROWTH, math.ceil(BATCH_NANOS / nanos)))
                steady = 0 if nanos < best * FASTER else steady + 1
                best = min(best, nanos)
                seconds = time.perf_counter() - begin
                if seconds >= least and (seconds >= most or steady >= STEADY_BATCHES):
                    return

    def turn(self):
        with torch.set_grad_enabled(self.recording):
            if self.calls > 1:
                self.result = self.body()
                synchronize()
            samples = []
            begin = time.perf_counter_ns()
            while True:
                samples.append(self.batch())
                if len(samples) >= SAMPLES_A_TURN or time.perf_counter_ns() - begin >= TURN_NANOS:
                    return samples


def synchronize():
    if torch.get_default_device().type == "cuda":
        torch.cuda.synchronize()


def main():
    torch.set_num_threads(int(sys.argv[1]))
    if len(sys.argv) > 2 and sys.argv[2] != "cpu":
        torch.set_default_device(sys.argv[2])
        # As Ladera does unless it is told otherwise: float32 is not rounded to TF32.
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
    loop = None
    for line in sys.stdin:
        request = json.loads(line)
        kind = request["do"]
        try:
            if kind == "hello":
                answer = {"name": "pytorch", "version": torch.__version__, "threads": torch.get_num_threads()}
            elif kind == "prepare":
                operation = OPERATIONS.get(request["operation"])
                if operation is None:
                    answer = {"missing": "has no such operation"}
                else:
                    prepared = operation(*request["sizes"])
                    answer = {"check": check(prepared)}
                    loop = Loop(prepared)
            elif kind == "warmUp":
                loop.warm_up(request["least"], request["most"])
                answer = {}
            elif kind == "turn":
                answer = {"nanos": loop.turn()}
            else:
                answer = {"error": "unknown request " + kind}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
