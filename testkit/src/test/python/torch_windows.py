"""Convolutions and pools in PyTorch's words."""

import torch
import torch.nn.functional as F

CONV = [None, F.conv1d, F.conv2d, F.conv3d]
TRANSPOSED = [None, F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d]
MAX = [None, F.max_pool1d, F.max_pool2d, F.max_pool3d]
AVERAGE = [None, F.avg_pool1d, F.avg_pool2d, F.avg_pool3d]

# stride, padding, dilation, groups
CONVOLUTIONS = {
    "signal": (1, 1, 1, 1),
    "signal with stride and dilation": (2, 3, 2, 1),
    "unequal": ((2, 1), (1, 2), (1, 2), 1),
    "groups": (1, 1, 1, 2),
    "depthwise": (1, 1, 1, 4),
    "stride over the kernel": (3, 0, 1, 1),
    "padding over the kernel": (2, (4, 3), 1, 1),
    "volume": ((1, 2, 1), (1, 0, 1), (1, 1, 2), 1),
    "grouped volume": (1, (0, 1, 0), 1, 2),
}
# stride, padding, output padding, dilation, groups
BACKWARDS = {
    "signal": (2, 1, 1, 1, 1),
    "image": ((2, 1), (1, 0), (1, 0), (1, 2), 1),
    "groups": (2, (0, 1), (0, 1), 1, 2),
    "volume": ((2, 1, 1), (0, 1, 0), (1, 0, 0), 1, 1),
}
# kernel, stride, padding, dilation, ceil mode
MAXIMA = {
    "halves": (2, 2, 0, 1, False),
    "overlapping": ((3, 2), (1, 2), 1, 1, False),
    "ceil": ((2, 3), 2, (0, 1), 1, True),
    "dilation": ((3, 2), (2, 1), (1, 0), (2, 3), False),
    "signal": (3, 2, 1, 1, True),
    "volume": ((2, 1, 2), (2, 2, 1), (1, 0, 0), 1, False),
    "no images": (2, 2, 0, 1, False),
}
# kernel, stride, padding, ceil mode, whether padding counts
AVERAGES = {
    "halves": (2, 2, 0, False, True),
    "padding counts": ((3, 2), (1, 2), 1, False, True),
    "padding does not count": ((3, 2), (2, 1), 1, False, False),
    "ceil": ((2, 4), (2, 3), (0, 1), True, True),
    "ceil, padding does not count": ((2, 4), (2, 3), 1, True, False),
    "signal": (3, 2, 1, True, True),
    "volume": ((2, 1, 2), (2, 2, 1), (1, 0, 0), False, True),
}
# What gradients are taken of: the operator's attributes, and the sizes that shapes do not tell.
PLAIN = (1, 0, 1, 1)
UNEQUAL = ((2, 3), (1, 2), (2, 1), 1)
GRADIENTS = {
    "image": (PLAIN, (7, 6), (3, 2)),
    "no images": (PLAIN, (5, 6), (3, 2)),
    "pointwise": (PLAIN, (5, 6), (1, 1)),
    "unequal": (UNEQUAL, (9, 11), (3, 3)),
    "what no window reaches": (UNEQUAL, (8, 12), (2, 2)),
    "groups": (((2, 1), (1, 0), (1, 2), 2), (7, 8), (3, 2)),
    "signal": ((2, 1, 2, 1), (12,), (3,)),
    "volume": (((1, 2, 1), (0, 1, 1), (1, 1, 2), 1), (3, 5, 6), (2, 3, 2)),
}
MAX_GRADIENTS = {
    "halves": (2, 2, 0, 1, False),
    "overlapping": (3, (1, 2), 1, 1, False),
    "ceil": ((2, 3), 2, (0, 1), 1, True),
    "signal": (3, 2, 1, 1, False),
    "volume": (2, (1, 2, 1), (0, 1, 0), 1, False),
}
AVERAGE_GRADIENTS = {
    "halves": (2, 2, 0, False, True),
    "padding counts": (3, (1, 2), 1, False, True),
    "padding does not count": (3, (2, 1), 1, False, False),
    "ceil": ((2, 4), (2, 3), 1, True, True),
    "signal": (3, 2, 1, True, False),
    "volume": (2, (1, 2, 1), (0, 1, 0), False, True),
}


def convolution(x, weight, bias, attributes):
    return CONV[x.dim() - 2](x, weight, bias, *attributes)


def conv(label, x):
    bias = x[2] if len(x) > 2 else None
    return [convolution(x[0], x[1], bias, CONVOLUTIONS.get(label, PLAIN))]


def conv_transpose(label, x):
    stride, padding, output, dilation, groups = BACKWARDS[label]
    bias = x[2] if len(x) > 2 else None
    return [TRANSPOSED[x[0].dim() - 2](x[0], x[1], bias, stride, padding, output, groups, dilation)]


def max_pool(label, x):
    return list(MAX[x[0].dim() - 2](x[0], *MAXIMA[label], return_indices=True))


def input_gradient(label, x):
    attributes, size, _ = GRADIENTS[label]
    channels = x[1].shape[1] * attributes[3]
    source = torch.zeros(x[0].shape[0], channels, *size, dtype=x[0].dtype, requires_grad=True)
    out = convolution(source, x[1], None, attributes)
    return [torch.autograd.grad(out, source, x[0])[0].detach()]


def weight_gradient(label, x):
    attributes, _, kernel = GRADIENTS[label]
    size = (x[0].shape[1], x[1].shape[1] // attributes[3], *kernel)
    weight = torch.zeros(size, dtype=x[0].dtype, requires_grad=True)
    out = convolution(x[1], weight, None, attributes)
    return [torch.autograd.grad(out, weight, x[0])[0].detach()]


def max_gradient(label, x):
    source = x[0].detach().requires_grad_()
    out = MAX[source.dim() - 2](source, *MAX_GRADIENTS[label])
    return [torch.autograd.grad(out, source, x[1])[0].detach()]


def average_gradient(label, x):
    spatial = (8,) if label == "signal" else (
        (3, 4, 5) if label == "volume" else (7, 6))
    source = torch.zeros(*x[0].shape[:2], *spatial, dtype=x[0].dtype, requires_grad=True)
    out = AVERAGE[source.dim() - 2](source, *AVERAGE_GRADIENTS[label])
    return [torch.autograd.grad(out, source, x[0])[0].detach()]


WINDOWS = {
    "conv(Tensor, Tensor, List, List, List, int)": conv,
    "convTranspose(Tensor, Tensor, List, List, List, List, int)": conv_transpose,
    "conv2d(Tensor, Tensor)": lambda label, x: [F.conv2d(*x)],
    "conv2d(Tensor, Tensor, int, int, int, int)": lambda label, x: [
        F.conv2d(*x, **({"stride": 2, "padding": 1} if label == "stride and padding" else
                        {"padding": 2, "dilation": 2, "groups": 2}))],
    "maxPool(List, List, List, List, boolean)": max_pool,
    "maxPool2d(int)": lambda label, x: [F.max_pool2d(x[0], 3)],
    "avgPool(List, List, List, boolean, boolean)": lambda label, x: [
        AVERAGE[x[0].dim() - 2](x[0], *AVERAGES[label])],
    "avgPool2d(int)": lambda label, x: [F.avg_pool2d(x[0], 3)],
    "Convolution.InputGradient(…)": input_gradient,
    "Convolution.WeightGradient(…)": weight_gradient,
    "Pool.Gradient of maxima(…)": max_gradient,
    "Pool.Gradient of averages(…)": average_gradient,
}
