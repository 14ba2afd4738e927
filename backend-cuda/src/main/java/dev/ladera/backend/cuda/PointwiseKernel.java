package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Program;
import dev.ladera.op.Program.Step;
import java.util.List;

/** An expression for each element, to new tensors or over old ones. */
final class PointwiseKernel {
  /** Operands that are one number are told by a bit each. */
  private static final int MOST_SINGLES = 32;

  private final CudaDevice device;
  private final List<Step.Parameter> numbers;
  private final CudaKernel contiguous;
  private final SizedKernel strided;

  /** A kernel whose result is converted to a type. */
  PointwiseKernel(Workshop workshop, Program program, DType result) {
    this.device = workshop.device();
    this.numbers = PointwiseSource.numbers(program);
    PointwiseSource source = new PointwiseSource(program, result);
    this.contiguous = workshop.kernel("contiguous", source.source(false));
    this.strided = workshop.sized("strided", source::source);
  }

  void run(Pointwise operator, Tensor[] inputs, Tensor out) {
    Layout target = out.layout();
    long count = target.shape().elements();
    Arguments arguments = device.arguments().pointer(CudaStorage.address(out));
    boolean flat = target.isContiguous() && isAligned(out) && inputs.length <= MOST_SINGLES;
    int single = 0;
    for (int i = 0; i < inputs.length; i++) {
      Tensor input = inputs[i];
      arguments.pointer(CudaStorage.address(input));
      long elements = input.layout().shape().elements();
      if (elements == 1) {
        single |= 1 << i;
      } else {
        flat &= elements == count && input.layout().isContiguous() && isAligned(input);
      }
    }
    addNumbers(arguments, operator);
    if (flat) {
      contiguous.launch(arguments.int32(single).int64(count), Math.max(count / 4, count % 4));
    } else {
      arguments.walk(walk(arguments, target, inputs)).int64(count);
      strided.of(count).launch(arguments, count);
    }
  }

  private static boolean isAligned(Tensor tensor) {
    long alignment = tensor.dtype().bytes() < Integer.BYTES ? 4 : 16;
    return CudaStorage.address(tensor) % alignment == 0;
  }

  private void addNumbers(Arguments arguments, Pointwise operator) {
    for (int n = 0; n < numbers.size(); n++) {
      Step.Parameter number = numbers.get(n);
      int index = number.index();
      switch (number.dtype()) {
        case FLOAT32 -> arguments.float32((float) operator.scalarAsDouble(index));
        case FLOAT64 -> arguments.float64(operator.scalarAsDouble(index));
        case INT32 -> arguments.int32((int) operator.scalarAsLong(index));
        case INT64 -> arguments.int64(operator.scalarAsLong(index));
        case BOOL -> arguments.int8(operator.scalarAsDouble(index) != 0 ? 1 : 0);
      }
    }
  }

  private static Walk walk(Arguments arguments, Layout target, Tensor[] inputs) {
    Shape shape = target.shape();
    Walk walk = arguments.newWalk(inputs.length + 1);
    for (int axis = 0; axis < shape.rank(); axis++) {
      walk.stride(0, target.stride(axis));
      for (int i = 0; i < inputs.length; i++) {
        walk.stride(i + 1, Walk.stride(inputs[i].layout(), shape, axis));
      }
      walk.axis(shape.size(axis));
    }
    return walk;
  }
}
