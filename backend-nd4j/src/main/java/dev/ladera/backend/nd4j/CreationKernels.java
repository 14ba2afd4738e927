package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Operator;
import dev.ladera.op.Philox;
import dev.ladera.op.Primitive;

/** Operators without inputs. */
final class CreationKernels {
  private static final int WORDS = 4;

  private CreationKernels() {}

  static void fill(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Number value = ((Primitive.Fill) operator).value();
    Block out = Block.whole(outputs[0]);
    if (Expr.isInteger(value) && out.dtype != DType.BOOL) {
      out.fill(value.longValue());
    } else {
      out.fill(value.doubleValue());
    }
  }

  static void arange(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Arange arange = (Primitive.Arange) operator;
    Block out = Block.whole(outputs[0]);
    if (out.dtype.isFloating()) {
      for (long at = 0; at < out.count; at++) {
        out.set(at, arange.start() + at * arange.step());
      }
    } else {
      for (long at = 0; at < out.count; at++) {
        out.set(at, (long) arange.start() + at * (long) arange.step());
      }
    }
  }

  static void randomBits(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.RandomBits random = (Primitive.RandomBits) operator;
    Block out = Block.whole(outputs[0]);
    int[] words = new int[WORDS];
    for (long at = 0; at < out.count; at++) {
      int word = (int) (at % WORDS);
      if (word == 0) {
        Philox.block(random.seed(), random.offset() + at / WORDS, words, 0);
      }
      out.set(at, (long) words[word]);
    }
  }
}
