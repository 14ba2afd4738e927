package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import dev.ladera.nn.BatchNorm2d;
import dev.ladera.nn.Conv2d;
import dev.ladera.nn.Flatten;
import dev.ladera.nn.LayerNorm;
import dev.ladera.nn.Linear;
import dev.ladera.nn.MaxPool2d;
import dev.ladera.nn.Module;
import dev.ladera.nn.ReLU;
import dev.ladera.nn.Sequential;
import org.jspecify.annotations.Nullable;

/** The networks whose steps are timed. Parameters stand in the order of the peers'. */
final class Networks {
  private Networks() {}

  /** The perceptron 784-128-64-10. */
  static Sequential perceptron() {
    return new Sequential(
        new Linear(784, 128), new ReLU(), new Linear(128, 64), new ReLU(), new Linear(64, 10));
  }

  /** LeNet-5 with ReLU and max-pooling, for images of (1, 28, 28). */
  static Sequential lenet() {
    return new Sequential(
        new Conv2d(1, 6, 5).padding(2),
        new ReLU(),
        new MaxPool2d(2),
        new Conv2d(6, 16, 5),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(400, 120),
        new ReLU(),
        new Linear(120, 84),
        new ReLU(),
        new Linear(84, 10));
  }

  /** Two convolutions beside a shortcut (He, Zhang, Ren and Sun, 2016). */
  private static final class Block extends Module {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final @Nullable Sequential shortcut;

    Block(int inputs, int outputs, int stride) {
      conv1 = register("conv1", new Conv2d(inputs, outputs, 3).stride(stride).padding(1));
      conv1.bias(false);
      bn1 = register("bn1", new BatchNorm2d(outputs));
      conv2 = register("conv2", new Conv2d(outputs, outputs, 3).padding(1).bias(false));
      bn2 = register("bn2", new BatchNorm2d(outputs));
      shortcut =
          stride == 1 && inputs == outputs
              ? null
              : register(
                  "shortcut",
                  new Sequential(
                      new Conv2d(inputs, outputs, 1).stride(stride).bias(false),
                      new BatchNorm2d(outputs)));
    }

    @Override
    public Tensor forward(Tensor input) {
      Tensor out = bn1.forward(conv1.forward(input)).relu();
      out = bn2.forward(conv2.forward(out));
      return out.add(shortcut == null ? input : shortcut.forward(input)).relu();
    }
  }

  /** The network for CIFAR: stages of 16, 32 and 64 channels, so many blocks each. */
  static final class ResNet extends Module {
    private final Sequential body;
    private final Linear head;

    ResNet(int blocks) {
      Module[] layers = new Module[3 + 3 * blocks];
      layers[0] = new Conv2d(3, 16, 3).padding(1).bias(false);
      layers[1] = new BatchNorm2d(16);
      layers[2] = new ReLU();
      int inputs = 16;
      for (int i = 0; i < 3 * blocks; i++) {
        int outputs = 16 << i / blocks;
        layers[3 + i] = new Block(inputs, outputs, inputs == outputs ? 1 : 2);
        inputs = outputs;
      }
      body = register("body", new Sequential(layers));
      head = register("head", new Linear(64, 10));
    }

    @Override
    public Tensor forward(Tensor input) {
      return head.forward(body.forward(input).mean(2, 3));
    }
  }

  /**
   * A layer of a transformer's encoder (Vaswani and others, 2017): attention, then two layers with
   * GELU between, each beside a shortcut and followed by a layer norm. Input and output are (batch,
   * length, width).
   */
  static final class Encoder extends Module {
    private final int heads;
    private final Linear projections;
    private final Linear out;
    private final Linear linear1;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final LayerNorm norm2;

    Encoder(int width, int heads, int inner) {
      this.heads = heads;
      projections = register("projections", new Linear(width, 3 * width));
      out = register("out", new Linear(width, width));
      linear1 = register("linear1", new Linear(width, inner));
      linear2 = register("linear2", new Linear(inner, width));
      norm1 = register("norm1", new LayerNorm(width));
      norm2 = register("norm2", new LayerNorm(width));
    }

    @Override
    public Tensor forward(Tensor input) {
      Tensor x = norm1.forward(input.add(attention(input)));
      return norm2.forward(x.add(linear2.forward(linear1.forward(x).gelu())));
    }

    private Tensor attention(Tensor input) {
      int batch = input.size(0);
      int length = input.size(1);
      int width = input.size(2);
      int size = width / heads;
      // (3, batch, heads, length, size)
      Tensor all =
          projections.forward(input).reshape(batch, length, 3, heads, size).permute(2, 0, 3, 1, 4);
      Tensor scores =
          all.select(0, 0).matmul(all.select(0, 1).transpose(2, 3)).mul(1 / Math.sqrt(size));
      Tensor mixed = scores.softmax(3).matmul(all.select(0, 2));
      return out.forward(mixed.permute(0, 2, 1, 3).reshape(batch, length, width));
    }
  }
}
