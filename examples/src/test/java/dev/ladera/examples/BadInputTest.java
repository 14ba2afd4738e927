package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.FileFormatException;
import dev.ladera.Generator;
import dev.ladera.GradientException;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.StateDict;
import dev.ladera.Tensor;
import dev.ladera.data.Csv;
import dev.ladera.data.DataLoader;
import dev.ladera.data.DataLoaderException;
import dev.ladera.data.Dataset;
import dev.ladera.data.Digits;
import dev.ladera.data.Idx;
import dev.ladera.data.Mnist;
import dev.ladera.data.Sample;
import dev.ladera.data.TensorDataset;
import dev.ladera.io.Checkpoint;
import dev.ladera.io.Npy;
import dev.ladera.io.Npz;
import dev.ladera.io.SafeTensors;
import dev.ladera.nn.Conv2d;
import dev.ladera.nn.CrossEntropyLoss;
import dev.ladera.nn.Dropout;
import dev.ladera.nn.Embedding;
import dev.ladera.nn.Linear;
import dev.ladera.nn.MSELoss;
import dev.ladera.nn.NLLLoss;
import dev.ladera.nn.Sequential;
import dev.ladera.nn.StateDictException;
import dev.ladera.optim.Adam;
import dev.ladera.optim.SGD;
import dev.ladera.optim.StepLR;
import dev.ladera.testkit.ReferenceBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Bad input is refused with a typed error that says what, where and what to do. */
class BadInputTest {
  @TempDir private Path folder;

  private static Tensor f(int... shape) {
    return Tensor.ones(shape);
  }

  private static Tensor d(double... values) {
    return Tensor.of(values, values.length);
  }

  private static Tensor l(long... values) {
    return Tensor.of(values, values.length);
  }

  private static Stream<DynamicTest> tests(List<BadInput> table) {
    assertThat(table.stream().map(BadInput::name)).doesNotHaveDuplicates();
    return table.stream()
        .map(line ->
            DynamicTest.dynamicTest(
                line.name(),
                () -> {
                  assertThat(line.text()).isNotEmpty();
                  assertThatThrownBy(line.action())
                      .isExactlyInstanceOf(line.type())
                      .hasMessageContainingAll(line.text().toArray(new String[0]));
                }));
  }

  @TestFactory
  Stream<DynamicTest> ofTensors() {
    return tests(BadTensors.table());
  }

  @TestFactory
  Stream<DynamicTest> ofDevices() {
    return tests(BadDevices.table());
  }

  @TestFactory
  Stream<DynamicTest> ofGradients() {
    return tests(BadGradients.table());
  }

  @TestFactory
  Stream<DynamicTest> ofTraining() {
    return tests(BadTraining.table());
  }

  @TestFactory
  Stream<DynamicTest> shapes() {
    return tests(
        List.of(
            new BadInput(
                "matmul, inner sizes",
                ShapeException.class,
                () -> f(2, 3).matmul(f(4, 5)),
                "matmul: inner sizes differ: left (2, 3) has 3 columns, right (4, 5) has 4 rows"),
            new BadInput(
                "matmul of a scalar", ShapeException.class, () -> f().matmul(f(2)), "matmul", "()"),
            new BadInput(
                "matmul, batch axes",
                ShapeException.class,
                () -> f(2, 3, 4).matmul(f(5, 4, 3)),
                "matmul",
                "(2, 3, 4)",
                "(5, 4, 3)"),
            new BadInput(
                "add, broadcasting",
                ShapeException.class,
                () -> f(2, 3).add(f(2, 4)),
                "add",
                "(2, 3)",
                "(2, 4)"),
            new BadInput(
                "reshape, count",
                ShapeException.class,
                () -> f(2, 3).reshape(4, 2),
                "reshape",
                "(2, 3)",
                "(4, 2)",
                "6",
                "8"),
            new BadInput(
                "reshape, two unknowns",
                ArgumentException.class,
                () -> f(2, 3).reshape(-1, -1),
                "reshape",
                "-1"),
            new BadInput(
                "expand, size",
                ShapeException.class,
                () -> f(2, 3).expand(2, 6),
                "expand",
                "(2, 3)",
                "(2, 6)"),
            new BadInput(
                "concat, off the axis",
                ShapeException.class,
                () -> Tensor.concat(0, f(2, 3), f(2, 4)),
                "concat",
                "(2, 3)",
                "(2, 4)",
                "axis 0"),
            new BadInput(
                "concat of nothing",
                ArgumentException.class,
                () -> Tensor.concat(0),
                "concat",
                "must not be empty"),
            new BadInput(
                "stack of two shapes",
                ShapeException.class,
                () -> Tensor.stack(0, f(2), f(3)),
                "(2",
                "(3"),
            new BadInput(
                "values and shape",
                ShapeException.class,
                () -> Tensor.of(new float[5], 2, 3),
                "5",
                "(2, 3)",
                "6"),
            new BadInput("negative size", ArgumentException.class, () -> Tensor.zeros(2, -3), "-3"),
            new BadInput(
                "convolution, channels",
                ShapeException.class,
                () -> new Conv2d(3, 4, 3).forward(f(1, 2, 8, 8)),
                "conv",
                "2",
                "3"),
            new BadInput(
                "convolution, window larger than image",
                ShapeException.class,
                () -> new Conv2d(1, 1, 5).forward(f(1, 1, 3, 3)),
                "conv",
                "5",
                "3"),
            new BadInput(
                "convolution, groups",
                ArgumentException.class,
                () -> new Conv2d(3, 4, 3).groups(2),
                "groups",
                "2",
                "3"),
            new BadInput(
                "linear, features",
                ShapeException.class,
                () -> new Linear(3, 4).forward(f(2, 5)),
                "5",
                "3"),
            new BadInput(
                "loss, shapes",
                ShapeException.class,
                () -> new MSELoss().forward(f(2, 3), f(2, 4)),
                "(2, 3)",
                "(2, 4)"),
            new BadInput(
                "nll, classes",
                ShapeException.class,
                () -> new NLLLoss().forward(f(2, 3), l(0, 1, 2)),
                "(2, 3)",
                "(3,)"),
            new BadInput(
                "item of several", ShapeException.class, () -> f(2).item(), "item", "(2,)"),
            new BadInput(
                "largest of nothing",
                ShapeException.class,
                () -> f(0, 3).amax(0),
                "amax",
                "(0, 3)"),
            new BadInput(
                "dot of two lengths",
                ShapeException.class,
                () -> d(1, 2).dot(d(1, 2, 3)),
                "(2,)",
                "(3,)"),
            new BadInput(
                "dataset of two lengths",
                ShapeException.class,
                () -> new TensorDataset(f(3, 2), l(0, 1)),
                "(3, 2)",
                "(2,)")));
  }

  @TestFactory
  Stream<DynamicTest> typesDevicesAndAxes() {
    Device other = Device.of("reference", new ReferenceBackend());
    return tests(
        List.of(
            new BadInput(
                "gradient of integers",
                DTypeException.class,
                () -> l(1, 2).requiresGrad(true),
                "int64 has no gradients",
                "to(DType.FLOAT32)"),
            new BadInput(
                "product of bools",
                DTypeException.class,
                () -> f(2, 2).gt(0).matmul(f(2, 2).gt(0)),
                "matmul",
                "bool"),
            new BadInput(
                "largest of bools", DTypeException.class, () -> f(2).gt(0).argmax(0), "bool"),
            new BadInput(
                "softmax of integers",
                DTypeException.class,
                () -> l(1, 2).softmax(0),
                "softmax",
                "int64"),
            new BadInput(
                "index by floats",
                DTypeException.class,
                () -> f(3, 2).indexSelect(0, f(2)),
                "float32"),
            new BadInput(
                "random integers of float kind",
                DTypeException.class,
                () -> new Generator(1).uniform(Shape.of(2), DType.INT32, Device.standard()),
                "int32"),
            new BadInput(
                "unknown device",
                DeviceException.class,
                () -> Device.of("abacus"),
                "abacus",
                "cpu"),
            new BadInput(
                "malformed device",
                DeviceException.class,
                () -> Device.of("cpu:one"),
                "cpu:one",
                "cuda:0"),
            new BadInput(
                "second cpu", DeviceException.class, () -> Device.of("cpu:1"), "cpu:1", "only 1"),
            new BadInput(
                "missing gpu",
                DeviceException.class,
                () -> Device.of("cuda:7"),
                "cuda:7",
                "not there"),
            new BadInput(
                "two devices",
                DeviceException.class,
                () -> f(2).add(f(2).to(other)),
                "add",
                "cpu",
                "reference:0",
                "to(Device)"),
            new BadInput(
                "axis beyond the last",
                IndexException.class,
                () -> f(2, 3).sum(2),
                "sum",
                "2",
                "(2, 3)"),
            new BadInput(
                "axis before the first",
                IndexException.class,
                () -> f(2, 3).softmax(-3),
                "softmax",
                "-3",
                "(2, 3)"),
            new BadInput(
                "axis twice", ArgumentException.class, () -> f(2, 3).sum(0, -2), "sum", "twice"),
            new BadInput(
                "permutation with an axis twice",
                ShapeException.class,
                () -> f(2, 3).permute(0, 0),
                "permute"),
            new BadInput(
                "select outside",
                IndexException.class,
                () -> f(2, 3).select(1, 3),
                "select",
                "3",
                "(2, 3)"),
            new BadInput(
                "gather outside",
                IndexException.class,
                () -> d(1, 2, 3).gather(0, l(0, 3)),
                "gather",
                "3"),
            new BadInput(
                "index outside",
                IndexException.class,
                () -> f(3, 2).indexSelect(0, l(0, -4)),
                "-4",
                "3"),
            new BadInput(
                "embedding outside",
                IndexException.class,
                () -> new Embedding(10, 4).forward(l(3, 10)),
                "10"),
            new BadInput(
                "slice with step 0",
                ArgumentException.class,
                () -> f(4).slice(0, 0, 4, 0),
                "slice",
                "step"),
            new BadInput(
                "range that leads away",
                ArgumentException.class,
                () -> Tensor.arange(0, 5, -1, DType.FLOAT32, Device.standard()),
                "arange",
                "step"),
            new BadInput(
                "top 5 of 3",
                ArgumentException.class,
                () -> f(3).topk(5, 0, true),
                "topk",
                "5",
                "3"),
            new BadInput("dropout of 1.5", ArgumentException.class, () -> new Dropout(1.5), "1.5"),
            new BadInput(
                "class beyond the last",
                IndexException.class,
                () -> new CrossEntropyLoss().forward(f(2, 3), l(0, 3)),
                "3"),
            new BadInput(
                "class before the first",
                IndexException.class,
                () -> new NLLLoss().forward(f(2, 3), l(-1, 0)),
                "-1"),
            new BadInput(
                "class that is NaN",
                DTypeException.class,
                () -> new NLLLoss().forward(f(2, 3), d(Double.NaN, 0)),
                "float64")));
  }

  @TestFactory
  Stream<DynamicTest> gradientsAndTraining() {
    Tensor leaf = f(2).requiresGrad(true);
    return tests(
        List.of(
            new BadInput(
                "second backward",
                GradientException.class,
                () -> {
                  Tensor loss = leaf.exp().sum();
                  loss.backward();
                  loss.backward();
                },
                "freed by an earlier pass",
                "retainGraph"),
            new BadInput(
                "backward from no scalar",
                GradientException.class,
                () -> leaf.exp().backward(),
                "(2,)",
                "scalar",
                "sum()"),
            new BadInput(
                "backward of what was not recorded",
                GradientException.class,
                () -> f(2).sum().backward(),
                "requires a gradient"),
            new BadInput(
                "assigning a leaf",
                GradientException.class,
                () -> leaf.assign(f(2)),
                "assign",
                "noGrad"),
            new BadInput(
                "assigning a saved tensor",
                GradientException.class,
                () -> {
                  Tensor factor = f(2);
                  Tensor loss = leaf.mul(factor).sum();
                  factor.fill(3);
                  loss.backward();
                },
                "mul",
                "overwritten",
                "copy()"),
            new BadInput(
                "gradient of another shape",
                ShapeException.class,
                () -> leaf.exp().backward(f(3)),
                "(3,)",
                "(2,)"),
            new BadInput(
                "detaching by requiresGrad",
                GradientException.class,
                () -> leaf.exp().requiresGrad(false),
                "detach()"),
            new BadInput(
                "missing and unexpected entries",
                StateDictException.class,
                () -> {
                  Map<String, Tensor> state = new LinkedHashMap<>(new Linear(2, 3).stateDict());
                  state.remove("bias");
                  state.put("scale", f(1));
                  new Linear(2, 3).loadStateDict(state);
                },
                "missing",
                "bias",
                "unexpected",
                "scale"),
            new BadInput(
                "mismatched entries",
                StateDictException.class,
                () -> new Linear(2, 3).loadStateDict(new Linear(2, 4).stateDict()),
                "weight",
                "(3, 2)",
                "(4, 2)"),
            new BadInput(
                "no parameters",
                ArgumentException.class,
                () -> new SGD(List.of(), 0.1),
                "parameters"),
            new BadInput(
                "negative rate",
                ArgumentException.class,
                () -> new SGD(List.of(leaf), -0.1),
                "lr",
                "-0.1"),
            new BadInput(
                "negative momentum",
                ArgumentException.class,
                () -> new SGD(List.of(leaf), 0.1).momentum(-1),
                "momentum",
                "-1"),
            new BadInput(
                "rate that is no number",
                ArgumentException.class,
                () -> new Adam(List.of(leaf), Double.NaN),
                "lr",
                "NaN"),
            new BadInput(
                "schedule of no steps",
                ArgumentException.class,
                () -> new StepLR(new SGD(List.of(leaf), 0.1), 0, 0.5),
                "0"),
            new BadInput(
                "state of another optimizer",
                ArgumentException.class,
                () -> new SGD(List.of(leaf), 0.1).loadStateDict(StateDict.empty()),
                "loadStateDict"),
            new BadInput(
                "empty dataset",
                ArgumentException.class,
                () -> new DataLoader(new TensorDataset(f(0, 2), Tensor.of(new long[0], 0)), 4),
                "dataset",
                "empty"),
            new BadInput(
                "batch of none",
                ArgumentException.class,
                () -> new DataLoader(Digits.test(), 0),
                "batchSize",
                "0"),
            new BadInput(
                "sample that cannot be loaded",
                DataLoaderException.class,
                () -> new DataLoader(failing(), 2).prefetch(2, 1).iterator().next(),
                "1"),
            new BadInput(
                "module without anything",
                IndexException.class,
                () -> new Sequential().get(0),
                "0")));
  }

  private static Dataset failing() {
    return new Dataset() {
      @Override
      public int size() {
        return 4;
      }

      @Override
      public Sample get(int index) {
        if (index == 1) {
          throw new IllegalStateException("cannot read");
        }
        return new Sample(f(2), l(0));
      }
    };
  }

  @TestFactory
  Stream<DynamicTest> files() throws IOException {
    List<BadInput> cases = new ArrayList<>();
    Path idx = file("idx", new byte[] {0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 3});
    cases.add(
        new BadInput(
            "idx cut short", FileFormatException.class, () -> Idx.read(idx), "idx", "5", "3"));
    Path magic = file("magic", new byte[] {1, 0, 8, 1, 0, 0, 0, 0});
    cases.add(
        new BadInput(
            "idx, magic", FileFormatException.class, () -> Idx.read(magic), "magic", "at 0"));
    Path kind = file("kind", new byte[] {0, 0, 7, 1, 0, 0, 0, 0});
    cases.add(
        new BadInput("idx, type", FileFormatException.class, () -> Idx.read(kind), "kind", "7"));
    Path lying = file("lying", new byte[] {0, 0, 8, 2, 127, 127, 0, 0, 127, 127, 0, 0, 1});
    cases.add(
        new BadInput("idx that lies", FileFormatException.class, () -> Idx.read(lying), "lying"));
    cases.add(
        new BadInput(
            "no mnist",
            ArgumentException.class,
            () -> Mnist.train(folder),
            "train-images-idx3-ubyte"));
    Path ragged = file("ragged.csv", "1,2,3\n4,5\n".getBytes());
    cases.add(
        new BadInput(
            "csv, ragged", FileFormatException.class, () -> Csv.read(ragged), "at 2", "3"));
    Path word = file("word.csv", "1,2\n3,four\n".getBytes());
    cases.add(
        new BadInput(
            "csv, a word", FileFormatException.class, () -> Csv.read(word), "at 2", "four"));
    Path label = file("label.csv", "1,NaN\n".getBytes());
    cases.add(
        new BadInput(
            "csv, NaN as label", FileFormatException.class, () -> Csv.dataset(label, 1), "NaN"));
    Path npy = folder.resolve("t.npy");
    Npy.write(npy, f(3, 4));
    Path cut = cut(npy, 8);
    cases.add(
        new BadInput("npy cut short", FileFormatException.class, () -> Npy.read(cut), "t.npy"));
    Path notNpy = file("not.npy", "hello, world".getBytes());
    cases.add(
        new BadInput("npy, magic", FileFormatException.class, () -> Npy.read(notNpy), "at 0"));
    Path notZip = file("not.npz", "hello, world".getBytes());
    cases.add(
        new BadInput("npz, no zip", FileFormatException.class, () -> Npz.read(notZip), "not.npz"));
    Path tensors = folder.resolve("t.safetensors");
    SafeTensors.write(tensors, Map.of("a", f(3, 4)));
    Path cutTensors = cut(tensors, 4);
    cases.add(
        new BadInput(
            "safetensors cut short",
            FileFormatException.class,
            () -> SafeTensors.read(cutTensors),
            "t.safetensors"));
    Path huge = file("huge.safetensors", new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, '{', '}'});
    cases.add(
        new BadInput(
            "safetensors, header longer than the file",
            FileFormatException.class,
            () -> SafeTensors.read(huge),
            "at 0"));
    cases.add(
        new BadInput(
            "safetensors, no such tensor",
            ArgumentException.class,
            () -> SafeTensors.read(tensors).tensor("b"),
            "b",
            "a"));
    cases.add(
        new BadInput(
            "no such file",
            UncheckedIOException.class,
            () -> SafeTensors.read(folder.resolve("nothing")),
            "nothing"));
    cases.add(
        new BadInput(
            "no such folder",
            ArgumentException.class,
            () -> SafeTensors.write(folder.resolve("no/where"), Map.of()),
            "no"));
    cases.add(
        new BadInput(
            "no checkpoint",
            FileFormatException.class,
            () -> Checkpoint.read(tensors),
            "t.safetensors"));
    Path checkpoint = folder.resolve("c.safetensors");
    new Checkpoint().put("model", Map.of("w", f(2))).note("epoch", "1").write(checkpoint);
    cases.add(
        new BadInput(
            "checkpoint without the part",
            ArgumentException.class,
            () -> Checkpoint.read(checkpoint).state("optimizer"),
            "optimizer",
            "model"));
    cases.add(
        new BadInput(
            "checkpoint without the note",
            ArgumentException.class,
            () -> Checkpoint.read(checkpoint).note("seed"),
            "seed",
            "epoch"));
    return tests(cases);
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static Path cut(Path file, int bytes) throws IOException {
    byte[] content = Files.readAllBytes(file);
    Path shorter = file.resolveSibling("cut-" + file.getFileName());
    return Files.write(shorter, Arrays.copyOf(content, content.length - bytes));
  }
}
