package dev.ladera.testkit;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Operator;
import dev.ladera.op.Philox;
import dev.ladera.op.Primitive;

/** Operators without inputs. */
final class CreationKernels {
  private CreationKernels() {}

  static void fill(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Number value = ((Primitive.Fill) operator).value();
    Elements out = new Elements(outputs[0]);
    boolean whole = Expr.isInteger(value) && out.dtype != DType.BOOL;
    for (int at = 0; at < out.count; at++) {
      if (whole) {
        out.set(at, value.longValue());
      } else {
        out.set(at, value.doubleValue());
      }
    }
  }

  static void arange(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Arange arange = (Primitive.Arange) operator;
    Elements out = new Elements(outputs[0]);
    for (int at = 0; at < out.count; at++) {
      if (out.dtype.isFloating()) {
        out.set(at, arange.start() + at * arange.step());
      } else {
        out.set(at, (long) arange.start() + at * (long) arange.step());
      }
    }
  }

  static void randomBits(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.RandomBits random = (Primitive.RandomBits) operator;
    Elements out = new Elements(outputs[0]);
    int[] words = new int[4];
    for (int at = 0; at < out.count; at++) {
      Philox.block(random.seed(), random.offset() + at / 4, words, 0);
      out.set(at, (long) words[at % 4]);
    }
  }
}
