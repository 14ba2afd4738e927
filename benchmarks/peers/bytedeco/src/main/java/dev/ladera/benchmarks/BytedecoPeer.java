package dev.ladera.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** LibTorch's operators, called through JavaCPP. Results are closed when the next one is there. */
final class BytedecoPeer implements PeerServer.Framework {
  private static final TensorOptional NONE = new TensorOptional();
  private static final long[] ONES = {1, 1};

  /** Inputs of the benchmark that is prepared. */
  private PointerScope inputs = new PointerScope();

  private BytedecoPeer(int threads) {
    torch.set_num_threads(threads);
    GradMode.set_enabled(false);
  }

  /** Serves on as many threads as the argument says. */
  public static void main(String[] arguments) throws IOException {
    PeerServer.serve(() -> new BytedecoPeer(Integer.parseInt(arguments[0])));
  }

  @Override
  public String version() {
    try {
      return "LibTorch by JavaCPP " + Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      throw new UncheckedIOException("the version of LibTorch's jar cannot be read", e);
    }
  }

  @Override
  public int threads() {
    return torch.get_num_threads();
  }

  @Override
  public PeerServer.@Nullable Body prepare(String operation, int... s) {
    inputs.close();
    inputs = new PointerScope();
    Supplier<Tensor> body = body(operation, s);
    if (body == null) {
      return null;
    }
    List<Double> check = new ArrayList<>();
    try (Tensor result = body.get()) {
      FloatBuffer values = result.contiguous().createBuffer();
      double[] wide = new double[(int) result.numel()];
      Arrays.setAll(wide, i -> values.get(i));
      Check.add(check, wide);
    }
    Tensor[] last = new Tensor[1];
    return new PeerServer.Body(
        () -> {
          Tensor result = body.get();
          if (last[0] != null) {
            last[0].close();
          }
          last[0] = result;
          return result;
        },
        check,
        () -> {});
  }

  private static Tensor values(int seed, int... sizes) {
    long[] shape = Arrays.stream(sizes).asLongStream().toArray();
    int count = Arrays.stream(sizes).reduce(1, (left, right) -> left * right);
    return AbstractTensor.create(Inputs.array(seed, count), shape);
  }

  private static @Nullable Supplier<Tensor> body(String operation, int... s) {
    return switch (operation) {
      case "matmul" -> {
        Tensor left = values(1, s[0], s[1]);
        Tensor right = values(2, s[1], s[2]);
        yield () -> torch.matmul(left, right);
      }
      case "matmulRightT" -> {
        Tensor left = values(1, s[0], s[1]);
        Tensor right = values(2, s[2], s[1]);
        yield () -> {
          try (Tensor turned = right.t()) {
            return torch.matmul(left, turned);
          }
        };
      }
      case "matmulLeftT" -> {
        Tensor left = values(1, s[1], s[0]);
        Tensor right = values(2, s[1], s[2]);
        yield () -> {
          try (Tensor turned = left.t()) {
            return torch.matmul(turned, right);
          }
        };
      }
      case "batchedMatmul" -> {
        Tensor left = values(1, s[0], s[1], s[2]);
        Tensor right = values(2, s[0], s[2], s[3]);
        yield () -> torch.matmul(left, right);
      }
      case "tanhChain" -> {
        Tensor a = values(1, s);
        Tensor b = values(2, s);
        Tensor c = values(3, s);
        yield () -> {
          try (Tensor product = torch.mul(a, b);
              Tensor sum = torch.add(product, c)) {
            return torch.tanh(sum);
          }
        };
      }
      case "addRow" -> {
        Tensor matrix = values(1, s);
        Tensor row = values(2, s[1]);
        yield () -> torch.add(matrix, row);
      }
      case "addColumn" -> {
        Tensor matrix = values(1, s);
        Tensor column = values(2, s[0], 1);
        yield () -> torch.add(matrix, column);
      }
      case "add", "mul" -> {
        Tensor left = values(1, s);
        Tensor right = values(2, s);
        yield operation.equals("add") ? () -> torch.add(left, right) : () -> torch.mul(left, right);
      }
      case "layerNorm" -> {
        Tensor input = values(1, s);
        TensorOptional weight = new TensorOptional(values(2, s[1]));
        TensorOptional bias = new TensorOptional(values(3, s[1]));
        long[] shape = {s[1]};
        yield () -> torch.layer_norm(input, shape, weight, bias, 1e-5, false);
      }
      case "conv" -> {
        Tensor input = values(1, s[0], s[1], s[2], s[2]);
        Tensor weight = values(2, s[3], s[1], s[4], s[4]);
        long[] stride = {s[5], s[5]};
        long[] padding = {s[6], s[6]};
        yield () -> torch.conv2d(input, weight, NONE, stride, padding, ONES, 1);
      }
      case "sort" -> {
        Tensor input = values(1, s);
        yield () -> first(torch.sort(input));
      }
      case "topk" -> {
        Tensor input = values(1, s[0]);
        yield () -> first(torch.topk(input, s[1]));
      }
      default -> unary(operation, s);
    };
  }

  /** The values alone; the places are let go. */
  private static Tensor first(T_TensorTensor_T both) {
    try (both) {
      return new Tensor(both.get0());
    }
  }

  private static @Nullable Supplier<Tensor> unary(String operation, int... s) {
    Tensor input = values(1, s);
    long[] columns = {0};
    long[] rows = {1};
    return switch (operation) {
      case "exp" -> () -> torch.exp(input);
      case "tanh" -> () -> torch.tanh(input);
      case "gelu" -> () -> torch.gelu(input);
      case "relu" -> () -> torch.relu(input);
      case "sum" -> () -> torch.sum(input);
      case "sumColumns" -> () -> torch.sum(input, columns);
      case "sumRows" -> () -> torch.sum(input, rows);
      case "mean" -> () -> torch.mean(input);
      case "meanColumns" -> () -> torch.mean(input, columns);
      case "meanRows" -> () -> torch.mean(input, rows);
      case "max" -> () -> torch.amax(input);
      case "maxColumns" -> () -> torch.amax(input, columns, false);
      case "maxRows" -> () -> torch.amax(input, rows, false);
      case "softmax" -> () -> torch.softmax(input, 1);
      case "logSoftmax" -> () -> torch.log_softmax(input, 1);
      default -> null;
    };
  }
}
