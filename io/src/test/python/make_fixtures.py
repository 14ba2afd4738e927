"""Makes the files in src/test/resources/dev/ladera/io: python make_fixtures.py TARGET_FOLDER.

Needs numpy and safetensors; those that stand there were made with numpy 2.4.6, safetensors 0.8.0.
"""

import os
import struct
import sys

import numpy as np
from safetensors.numpy import save_file

os.chdir(sys.argv[1])


def safetensors(name, header, data):
    """A file with element types that numpy lacks."""
    text = header.encode()
    with open(name, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


save_file(
    {
        "w": np.arange(6, dtype=np.float32).reshape(2, 3) - np.float32(0.1),
        "double": np.array([np.pi, -0.0, np.nan, np.inf]),
        "int": np.array([[-(2**31)], [2**31 - 1]], dtype=np.int32),
        "long": np.array(-(2**63), dtype=np.int64),
        "bool": np.array([True, False, True]),
        "empty": np.zeros((0, 3), dtype=np.float32),
        "\U0001f33b": np.float32([1]),
        "\uffee \"quoted\"\n": np.float32([2]),
    },
    "python.safetensors",
    {"made by": "safetensors \u00fc"},
)
save_file(
    {
        "f16": np.array([1.5, -65504, np.inf, 6e-8], dtype=np.float16),
        "i8": np.array([-128, 127], dtype=np.int8),
        "u8": np.array([0, 255], dtype=np.uint8),
        "i16": np.array([-32768, 32767], dtype=np.int16),
        "u16": np.array([0, 65535], dtype=np.uint16),
    },
    "narrow.safetensors",
)
safetensors(
    "bfloat16.safetensors",
    '{"b":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}',
    struct.pack("<3H", 0x3FC0, 0xC2F7, 0x7F80),
)

values = np.arange(24).reshape(2, 3, 4)
np.save("c_order.npy", values.astype("<f4"))
np.save("fortran.npy", np.asfortranarray(values.astype("<f8")))
np.save("scalar.npy", np.int64(-7))
np.save("empty.npy", np.zeros((3, 0), dtype="<i4"))
np.save("text.npy", np.array(["no tensor"]))
np.save("structure.npy", np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4", (2,))]))
for version in [(2, 0), (3, 0)]:
    with open(f"version{version[0]}.npy", "wb") as f:
        np.lib.format.write_array(f, np.array([True, False]), version=version)
edges = {
    "f2": [1.5, -65504],
    "f4": [1.25, -np.inf],
    "f8": [np.pi, -0.0],
    "i1": [-128, 127],
    "u1": [0, 255],
    "i2": [-32768, 32767],
    "u2": [0, 65535],
    "i4": [-(2**31), 2**31 - 1],
    "u4": [0, 2**32 - 1],
    "i8": [-(2**63), 2**63 - 1],
    "b1": [1, 0],
}
arrays = {}
for code, pair in edges.items():
    for order, name in (("<", "little"), (">", "big")):
        arrays[f"{name}_{code}"] = np.array(pair, dtype=order + code)
np.savez_compressed("types.npz", **arrays)
np.savez("stored.npz", **{"a": np.float32([[1, 2]]), "deep/b": np.array([True])})
