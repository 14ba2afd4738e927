"""The table's operations in PyTorch's words: a function from label and inputs to outputs each."""

import math

import torch
import torch.nn.functional as F

import torch_windows
from torch_shapes import SHAPES

OPERATIONS = {}


def one(operation, body):
    """An operation that is called alike by all samples."""
    OPERATIONS[operation] = lambda label, x: [body(*x)]


def number(name, body):
    """A tensor and a number: 3, and 0.7 (or what is given) in the sample `floating`."""

    def call(label, x):
        return [body(x[0], 0.7 if label == "floating" else 3)]

    OPERATIONS[name + "(Number)"] = call


def labelled(operation, bodies, default=None):
    """An operation whose samples have attributes of their own."""

    def call(label, x):
        body = bodies.get(label, default)
        if body is None:
            raise KeyError("no such sample")
        answer = body(*x)
        return list(answer) if isinstance(answer, (tuple, list)) else [answer]

    OPERATIONS[operation] = call


# --- elementwise ---------------------------------------------------------------------------------

for name, function in {
    "neg": torch.neg, "abs": torch.abs, "floor": torch.floor,
    "ceil": torch.ceil, "round": torch.round, "trunc": torch.trunc, "exp": torch.exp,
    "expm1": torch.expm1, "log": torch.log, "log1p": torch.log1p, "log2": torch.log2,
    "log10": torch.log10, "sqrt": torch.sqrt, "rsqrt": torch.rsqrt,
    "reciprocal": torch.reciprocal, "sin": torch.sin, "cos": torch.cos, "tan": torch.tan,
    "asin": torch.asin, "acos": torch.acos, "atan": torch.atan, "sinh": torch.sinh,
    "cosh": torch.cosh, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "erf": torch.erf,
    "isNan": torch.isnan, "isInf": torch.isinf, "isFinite": torch.isfinite,
    "logicalNot": torch.logical_not, "bitwiseNot": torch.bitwise_not,
    "relu": torch.relu, "silu": F.silu, "gelu": F.gelu, "softplus": F.softplus,
    "copy": torch.clone, "contiguous": lambda x: x + torch.zeros_like(x) if x.is_floating_point() else x,
}.items():
    one(name + "()", function)



def differs(reason, where, body):
    """An operation that Ladera answers otherwise, on purpose, for some inputs."""

    def call(x):
        if where(x):
            raise NotImplementedError(reason)
        return body(x)

    return call


one("sign()", differs("PyTorch has 0 for the sign of NaN, NumPy and Ladera NaN",
                      lambda x: bool(x.isnan().any()), torch.sign))
one("square()", differs("squares of bool are int64 in PyTorch, but products are bool",
                        lambda x: x.dtype == torch.bool, torch.square))
one("geluTanh()", lambda x: F.gelu(x, approximate="tanh"))
one("leakyRelu(double)", lambda x: F.leaky_relu(x, 0.1))
one("elu(double)", lambda x: F.elu(x, 0.7))
one("softplus(double, double)", lambda x: F.softplus(x, 2, 5))
one("map(UnaryOperator)", F.mish)
labelled(
    "clamp(Number, Number)",
    {
        "floating bounds": lambda x: torch.clamp(x, -0.7, 0.3),
        "crossed bounds": differs("the derivative at the bound is 1 in Ladera",
                                  lambda x: x.requires_grad and bool((x == -1).any()),
                                  lambda x: torch.clamp(x, 1, -1)),
    },
    lambda x: torch.clamp(x, -1, 1),
)


def far(x):
    return x.is_floating_point() and not bool((x.abs() < 1e9).all())


labelled(
    "to(DType)",
    {
        "to float32": lambda x: x.to(torch.float32),
        "to int32": differs("out of range, C says nothing", far, lambda x: x.to(torch.int32)),
        "to int64": differs("out of range, C says nothing", far, lambda x: x.to(torch.int64)),
        "to bool": lambda x: x.to(torch.bool),
    },
    lambda x: x.to(torch.float64) * 1,
)

one("maximum(Tensor)", torch.maximum)
one("minimum(Tensor)", torch.minimum)
for name, function in {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div,
    "eq": torch.eq, "ne": torch.ne,
    "lt": torch.lt, "le": torch.le, "gt": torch.gt, "ge": torch.ge,
}.items():
    one(name + "(Tensor)", function)
    number(name, lambda x, n, f=function: f(x, n))

# Here the samples' numbers are others.
OPERATIONS["maximum(Number)"] = lambda label, x: [
    torch.maximum(*same(x[0], 0.9 if label == "floating" else 1))]
OPERATIONS["minimum(Number)"] = lambda label, x: [
    torch.minimum(*same(x[0], 0.9 if label == "floating" else 1))]

for name, function in {
    "floorDivide": lambda a, b: torch.div(a, b, rounding_mode="floor"), "remainder": torch.remainder, "fmod": torch.fmod,
}.items():
    one(name + "(Tensor)", function)
    OPERATIONS[name + "(Number)"] = (
        lambda label, x, f=function: [f(x[0], -0.7 if label == "floating" else 3)]
    )

for name, function in {
    "bitwiseAnd": torch.bitwise_and, "bitwiseOr": torch.bitwise_or,
    "bitwiseXor": torch.bitwise_xor, "shiftLeft": torch.bitwise_left_shift,
}.items():
    one(name + "(Tensor)", function)
    OPERATIONS[name + "(Number)"] = lambda label, x, f=function: [f(x[0], 6)]
one("shiftRight(Tensor)", torch.bitwise_right_shift)
one("shiftRight(Number)", lambda x: torch.bitwise_right_shift(x, 2))


def same(a, b):
    """Both as the type that they promote to; for extremes, which want tensors."""
    if not torch.is_tensor(b):
        return a.to(torch.result_type(a, b)), torch.tensor(b, dtype=torch.result_type(a, b))
    return a, b


number("rsub", lambda x, n: n - x)
number("rdiv", lambda x, n: n / x)
number("rpow", lambda x, n: torch.pow(n, x))
one("pow(Tensor)", torch.pow)
labelled(
    "pow(Number)",
    {
        "floating": lambda x: x.pow(2.7),
        "square": lambda x: x.pow(2),
        "floating 2": lambda x: x.pow(2.0),
        "root": lambda x: x.pow(0.5),
        "one": lambda x: x.pow(1),
        "none": lambda x: x.pow(0),
        "inverse": lambda x: x.pow(-1.0),
    },
    lambda x: x.pow(3),
)
one("atan2(Tensor)", torch.atan2)
one("logicalAnd(Tensor)", torch.logical_and)
one("logicalOr(Tensor)", torch.logical_or)
one("logicalXor(Tensor)", torch.logical_xor)
one("zip(Tensor, BinaryOperator)", lambda x, y: torch.sigmoid(x * y - x / y))
one("lerp(Tensor, Number)", lambda a, b: torch.lerp(a, b, 0.3))
one("where(Tensor, Tensor, Tensor)", lambda c, a, b: torch.where(c.bool(), a, b))
one("maskedFill(Tensor, Number)",
    lambda m, x: torch.where(m, torch.ones((), dtype=x.dtype), x))

# --- reductions ----------------------------------------------------------------------------------

AXES = {
    "vector": ((), True), "scalar": ((), True), "all": ((), False), "first": ((0,), False),
    "last kept": ((-1,), True), "middle": ((1,), False), "outer kept": ((-1, 0), True),
    "first two": ((0, 1), False), "last two": ((2, 1), False), "size 1": ((1,), False),
    "empty result": ((1,), False), "alternate": ((0, 2), True),
    "other alternate": ((1, 3), False),
}


def reduction(name, keyword, body, extra=None):
    """A reduction by its axes, and by axes with `keepDims`."""

    def call(label, x, keeps):
        if extra and label in extra:
            return [extra[label](x[0])]
        axes, keep = AXES[label]
        axes = axes or tuple(range(x[0].dim()))
        return [body(x[0], axes, keep and keeps)]

    OPERATIONS[name + "(int...)"] = lambda label, x: call(label, x, False)
    if keyword:
        OPERATIONS[name + f"({keyword}, int...)"] = lambda label, x: call(label, x, True)


def product(x, axes, keep):
    if not x.is_floating_point():
        x = x.to(torch.int64)
    for axis in sorted((axis % x.dim() for axis in axes), reverse=True):
        x = torch.prod(x, axis, keepdim=keep)
    return x


def norm(p):
    return lambda x, axes, keep: torch.linalg.vector_norm(x, p, axes, keep)


reduction("sum", "boolean", lambda x, axes, keep: torch.sum(x, axes, keepdim=keep))
reduction("prod", "boolean", product)
reduction("mean", "boolean", lambda x, axes, keep: torch.mean(x, axes, keepdim=keep))
reduction("amax", "boolean", lambda x, axes, keep: torch.amax(x, axes, keepdim=keep))
reduction("amin", "boolean", lambda x, axes, keep: torch.amin(x, axes, keepdim=keep))
reduction("any", None, lambda x, axes, keep: torch.any(x, axes) if axes else x.bool())
reduction("all", None, lambda x, axes, keep: torch.all(x, axes) if axes else x.bool())
reduction("countNonzero", None,
          lambda x, axes, keep: torch.count_nonzero(x, axes) if axes else x.bool().long())
# Without axes the correction is 1, with keepDims the table's samples have 0.
OPERATIONS["var(int...)"] = lambda label, x: [
    torch.var(x[0], AXES[label][0] or tuple(range(x[0].dim())), correction=1)]
OPERATIONS["std(int...)"] = lambda label, x: [
    torch.std(x[0], AXES[label][0] or tuple(range(x[0].dim())), correction=1)]


def spread(body):
    def call(label, x):
        if label == "correction 3":
            return [body(x[0], 1, correction=3, keepdim=True)]
        if label == "correction of all":
            # Infinite; its gradient is no use.
            return [body(x[0], 1, correction=4).detach()]
        axes, keep = AXES[label]
        axes = axes or tuple(range(x[0].dim()))
        return [body(x[0], axes, correction=0, keepdim=keep)]

    return call


OPERATIONS["var(int, boolean, int...)"] = spread(torch.var)
OPERATIONS["std(int, boolean, int...)"] = spread(torch.std)
reduction("norm", "double, boolean", norm(2), {
    "1": lambda x: norm(1)(x, 1, False), "3": lambda x: norm(3)(x, 0, True),
    "0.5": lambda x: norm(0.5)(x, (0, 1), False),
    "largest": lambda x: norm(math.inf)(x, 1, False),
    "smallest": lambda x: norm(-math.inf)(x, 1, False),
    "not zero": lambda x: norm(0)(torch.relu(x), 1, False),
})

AXIS = {"vector": 0, "first": 0, "middle": 1, "last": -1, "size 1": 1, "empty result": 1,
        "empty": 1, "far apart": 1, "empty axis": 1}


def along(operation, body, *arguments):
    def call(label, x):
        answer = body(x[0], AXIS[label], *arguments)
        return list(answer) if isinstance(answer, tuple) else [answer]

    OPERATIONS[operation] = call


along("max(int)", torch.max)
along("min(int)", torch.min)
along("argmax(int)", torch.argmax)
along("argmax(int, boolean)", torch.argmax, True)
along("argmin(int)", torch.argmin)
along("argmin(int, boolean)", torch.argmin, True)
one("argmax()", torch.argmax)
one("argmin()", torch.argmin)
along("logsumexp(int)", torch.logsumexp)
along("logsumexp(int, boolean)", torch.logsumexp, True)
along("cumsum(int)", torch.cumsum)
along("cumprod(int)", torch.cumprod)
along("softmax(int)", torch.softmax)
along("logSoftmax(int)", torch.log_softmax)

# --- linear algebra ------------------------------------------------------------------------------


def matmul(label, x):
    if label == "of transposes":
        return [x[0].T @ x[1].T]
    if label == "by itself transposed":
        return [x[0] @ x[0].T]
    dtype = torch.promote_types(x[0].dtype, x[1].dtype)
    return [x[0].to(dtype) @ x[1].to(dtype)]


OPERATIONS["matmul(Tensor)"] = matmul
one("dot(Tensor)", torch.dot)
one("outer(Tensor)", torch.outer)
OPERATIONS["linear(Tensor, Tensor)"] = lambda label, x: [F.linear(*x)]

# --- indexing ------------------------------------------------------------------------------------

GATHERED = {"first axis": 0, "last axis": -1, "fewer rows": -1, "int32 index": -1, "cube": 1,
            "empty index": -1, "into one place": 0, "nothing": 0}


def index(label, x):
    return [x[0][tuple(i if i.dtype == torch.bool else i.long() for i in x[1:])]]


def index_select(label, x):
    axis = 0 if label == "rows" else 1
    return [x[0].index_select(axis, x[1].reshape(-1) % x[0].shape[axis])]


def topk(x, k, axis, largest):
    if not x.is_floating_point() or x.numel() and bool((x == x.round()).all()):
        raise NotImplementedError("places of equals are not defined")
    return list(torch.topk(x, k, axis, largest))


OPERATIONS["gather(int, Tensor)"] = lambda label, x: [
    torch.gather(x[0], GATHERED[label], x[1].long())]
OPERATIONS["scatterAdd(int, Tensor, Tensor)"] = lambda label, x: [
    torch.scatter_add(x[0], GATHERED[label], x[1].long(), x[2])]
OPERATIONS["indexSelect(int, Tensor)"] = index_select
OPERATIONS["index(Tensor[])"] = index
one("maskedSelect(Tensor)", lambda m, x: torch.masked_select(x, m))
one("nonzero()", torch.nonzero)
OPERATIONS["sort(int)"] = lambda label, x: list(torch.sort(x[0], dim=-1, stable=True))
OPERATIONS["sort(int, boolean)"] = lambda label, x: list(
    torch.sort(x[0], dim=0, descending=True, stable=True))
OPERATIONS["topk(int)"] = lambda label, x: topk(x[0], min(3, x[0].shape[-1]), -1, True)
OPERATIONS["topk(int, int, boolean)"] = lambda label, x: topk(
    x[0], min(2, x[0].shape[0]), 0, False)
one("argsort(int)", lambda x: torch.argsort(x, dim=0, stable=True))
one("oneHot(int)", lambda x: F.one_hot(x, 5))
one("embedding(Tensor)", lambda table, i: F.embedding(i, table))

# --- networks ------------------------------------------------------------------------------------


def layer_norm(label, x):
    axes = 2 if label == "two axes" else 1
    return [F.layer_norm(x[0], x[0].shape[-axes:], *x[1:], eps=0.1)]


def batch_norm(x, eps=0.1):
    axes = [axis for axis in range(x.dim()) if axis != 1]
    return [F.batch_norm(x, None, None, training=True, eps=eps), x.mean(axes),
            x.var(axes, correction=0)]


@torch.no_grad()
def layer_norm_backward(label, inputs):
    gradient, x, *weight = inputs
    shape = x.shape[-2:] if label == "two axes" else x.shape[-1:]
    _, mean, scale = torch.native_layer_norm(x, shape, None, None, 1.0)
    bias = [torch.zeros_like(w) for w in weight]
    made = torch.ops.aten.native_layer_norm_backward(
        gradient, x, shape, mean, scale, *(weight + bias or [None, None]),
        [True, bool(weight), bool(weight)])
    return [one for one in made if one is not None]


@torch.no_grad()
def batch_norm_backward(g, y, variance, eps):
    """The input is such that its normal form is y, and its mean 0."""
    deviation = (variance + eps).sqrt()
    x = y * deviation.reshape(-1, *[1] * (y.dim() - 2))
    return torch.ops.aten.native_batch_norm_backward(
        g, x, None, None, None, torch.zeros_like(variance), 1 / deviation, True, eps,
        [True, False, False])[0]


def dropout(label, x):
    """What chance has no part in."""
    chances = {"none": 0.0, "all": 1.0, "empty": 0.3}
    return [F.dropout(x[0], chances[label], training=True)]


NLL_REDUCTIONS = {
    "each": 0, "weighted each": 0, "weighted more classes": 0, "matrix": 1, "weighted": 1, "one": 1,
    "more classes": 2, "images": 2}


def nll_arguments(label, target, weight):
    """Class 1 is ignored where there is more than one target."""
    return target.long(), weight[0] if weight else None, NLL_REDUCTIONS[label], -100 if label == "one" else 1


def nll_loss(label, x):
    """The loss and the sum of weights, which PyTorch leaves out where it joins nothing."""
    target, weight, reduction, ignored = nll_arguments(label, x[1], x[2:])
    function = torch.ops.aten.nll_loss2d_forward if label == "images" else torch.ops.aten.nll_loss_forward
    loss, total = function(x[0], target, weight, reduction, ignored)
    if reduction == 0:
        kept = target[target != ignored]
        total = (torch.ones_like(x[0][0]) if weight is None else weight)[kept].sum()
    return [loss, total]


def nll_loss_backward(label, x):
    """The gradient; the sum of weights is given."""
    target, weight, reduction, ignored = nll_arguments(label, x[2], x[4:])
    function = torch.ops.aten.nll_loss2d_backward if label == "images" else torch.ops.aten.nll_loss_backward
    return [function(x[0], x[1], target, weight, reduction, ignored, x[3])]


def cross_entropy(label, x):
    """Also the logarithms."""
    logarithms = torch.log_softmax(x[0], 0 if label == "one" else 1)
    return [*nll_loss(label, [logarithms, *x[1:]]), logarithms]


def cross_entropy_backward(label, x):
    """From the logarithms, whatever they are."""
    gradient = nll_loss_backward(label, x)[0]
    return [torch._log_softmax_backward_data(gradient, x[1], 0 if label == "one" else 1, x[1].dtype)]


OPERATIONS["dropout(double)"] = dropout
OPERATIONS["layerNorm(int, Tensor, Tensor, double)"] = layer_norm
OPERATIONS["batchNorm(double)"] = lambda label, x: batch_norm(x[0])
OPERATIONS["BatchNorm(…)"] = lambda label, x: batch_norm(x[0])
OPERATIONS["Softmax(…)"] = lambda label, x: [torch.softmax(x[0], int(label[-1]))]
OPERATIONS["LogSoftmax(…)"] = lambda label, x: [torch.log_softmax(x[0], int(label[-1]))]
OPERATIONS["Softmax.Backward(…)"] = lambda label, x: [
    torch._softmax_backward_data(x[0], x[1], int(label[-1]), x[0].dtype)]
OPERATIONS["LogSoftmax.Backward(…)"] = lambda label, x: [
    torch._log_softmax_backward_data(x[0], x[1], int(label[-1]), x[0].dtype)]
OPERATIONS["NllLoss(…)"] = nll_loss
OPERATIONS["NllLoss.Backward(…)"] = nll_loss_backward
OPERATIONS["CrossEntropy(…)"] = cross_entropy
OPERATIONS["CrossEntropy.Backward(…)"] = cross_entropy_backward
OPERATIONS["LayerNorm(…)"] = layer_norm
OPERATIONS["LayerNorm.Backward(…)"] = layer_norm_backward
one("BatchNorm.Backward(…)", lambda g, y, variance: batch_norm_backward(g, y, variance, 0.1))
OPERATIONS["Pointwise of one input twice(…)"] = lambda label, x: [{
    "square": lambda a: a * a, "with its transpose": lambda a: a - a.T,
    "with a row of itself": lambda a: a + a[2],
    "with itself reversed": lambda a: a * a.flip(0, 1)}[label](x[0])]
OPERATIONS.update(SHAPES)
OPERATIONS.update(torch_windows.WINDOWS)


def answer(operation, label, inputs):
    """What PyTorch answers."""
    return OPERATIONS[operation](label, inputs)
