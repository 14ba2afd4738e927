package dev.ladera.benchmarks;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** DJL's operators on its PyTorch engine. Results are closed when the next one is there. */
final class DjlPeer implements PeerServer.Framework {
  private static final String ENGINE = "PyTorch";

  private final NDManager root;
  private NDManager inputs;

  private DjlPeer(int threads) {
    Engine.getEngine(ENGINE);
    JniUtils.setNumThreads(threads);
    root = NDManager.newBaseManager(Device.cpu(), ENGINE);
    inputs = root.newSubManager();
  }

  /** Serves on as many threads as the argument says. */
  public static void main(String[] arguments) throws IOException {
    PeerServer.serve(() -> new DjlPeer(Integer.parseInt(arguments[0])));
  }

  @Override
  public String version() {
    Engine engine = Engine.getEngine(ENGINE);
    return Engine.getDjlVersion() + " with " + ENGINE + " " + engine.getVersion();
  }

  @Override
  public int threads() {
    return JniUtils.getNumThreads();
  }

  @Override
  public PeerServer.@Nullable Body prepare(String operation, int... s) {
    inputs.close();
    inputs = root.newSubManager();
    Supplier<NDArray> body = body(operation, s);
    if (body == null) {
      return null;
    }
    List<Double> check = new ArrayList<>();
    try (NDArray result = body.get()) {
      float[] values = result.toFloatArray();
      double[] wide = new double[values.length];
      Arrays.setAll(wide, i -> values[i]);
      Check.add(check, wide);
    }
    NDArray[] last = new NDArray[1];
    return new PeerServer.Body(
        () -> {
          NDArray result = body.get();
          if (last[0] != null) {
            last[0].close();
          }
          last[0] = result;
          return result;
        },
        check,
        () -> {});
  }

  private NDArray values(int seed, int... sizes) {
    long[] shape = Arrays.stream(sizes).asLongStream().toArray();
    int count = Arrays.stream(sizes).reduce(1, (left, right) -> left * right);
    return inputs.create(Inputs.array(seed, count), new Shape(shape));
  }

  private @Nullable Supplier<NDArray> body(String operation, int... s) {
    return switch (operation) {
      case "matmul" -> {
        NDArray left = values(1, s[0], s[1]);
        NDArray right = values(2, s[1], s[2]);
        yield () -> left.matMul(right);
      }
      case "matmulRightT" -> {
        NDArray left = values(1, s[0], s[1]);
        NDArray right = values(2, s[2], s[1]);
        yield () -> {
          try (NDArray turned = right.transpose()) {
            return left.matMul(turned);
          }
        };
      }
      case "matmulLeftT" -> {
        NDArray left = values(1, s[1], s[0]);
        NDArray right = values(2, s[1], s[2]);
        yield () -> {
          try (NDArray turned = left.transpose()) {
            return turned.matMul(right);
          }
        };
      }
      case "batchedMatmul" -> {
        NDArray left = values(1, s[0], s[1], s[2]);
        NDArray right = values(2, s[0], s[2], s[3]);
        yield () -> left.matMul(right);
      }
      case "tanhChain" -> {
        NDArray a = values(1, s);
        NDArray b = values(2, s);
        NDArray c = values(3, s);
        yield () -> {
          try (NDArray product = a.mul(b);
              NDArray sum = product.add(c)) {
            return sum.tanh();
          }
        };
      }
      case "addRow" -> {
        NDArray matrix = values(1, s);
        NDArray row = values(2, s[1]);
        yield () -> matrix.add(row);
      }
      case "addColumn" -> {
        NDArray matrix = values(1, s);
        NDArray column = values(2, s[0], 1);
        yield () -> matrix.add(column);
      }
      case "add", "mul" -> {
        NDArray left = values(1, s);
        NDArray right = values(2, s);
        yield operation.equals("add") ? () -> left.add(right) : () -> left.mul(right);
      }
      case "layerNorm" -> {
        NDArray input = values(1, s);
        NDArray weight = values(2, s[1]);
        NDArray bias = values(3, s[1]);
        Shape shape = new Shape(s[1]);
        yield () -> LayerNorm.layerNorm(input, shape, weight, bias, 1e-5f).singletonOrThrow();
      }
      case "conv" -> {
        NDArray input = values(1, s[0], s[1], s[2], s[2]);
        NDArray weight = values(2, s[3], s[1], s[4], s[4]);
        Shape stride = new Shape(s[5], s[5]);
        Shape padding = new Shape(s[6], s[6]);
        yield () -> Conv2d.conv2d(input, weight, null, stride, padding).singletonOrThrow();
      }
      case "topk" -> {
        NDArray input = values(1, s[0]);
        yield () -> {
          NDList found = input.topK(s[1], 0);
          found.get(1).close();
          return found.get(0);
        };
      }
      default -> unary(operation, s);
    };
  }

  private @Nullable Supplier<NDArray> unary(String operation, int... s) {
    NDArray input = values(1, s);
    return switch (operation) {
      case "exp" -> input::exp;
      case "tanh" -> input::tanh;
      case "gelu" -> () -> Activation.gelu(input);
      case "relu" -> () -> Activation.relu(input);
      case "sum" -> () -> input.sum();
      case "sumColumns" -> () -> input.sum(new int[] {0});
      case "sumRows" -> () -> input.sum(new int[] {1});
      case "mean" -> () -> input.mean();
      case "meanColumns" -> () -> input.mean(new int[] {0});
      case "meanRows" -> () -> input.mean(new int[] {1});
      case "max" -> () -> input.max();
      case "maxColumns" -> () -> input.max(new int[] {0});
      case "maxRows" -> () -> input.max(new int[] {1});
      case "softmax" -> () -> input.softmax(1);
      case "logSoftmax" -> () -> input.logSoftmax(1);
      case "sort" -> () -> input.sort(0);
      default -> null;
    };
  }
}
