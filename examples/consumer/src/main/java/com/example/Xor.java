package com.example;

import dev.ladera.Generator;
import dev.ladera.Tensor;
import dev.ladera.nn.BCEWithLogitsLoss;
import dev.ladera.nn.Linear;
import dev.ladera.nn.Sequential;
import dev.ladera.nn.Tanh;
import dev.ladera.optim.Adam;

/** Learns exclusive or. */
public final class Xor {
  private Xor() {}

  /** Runs it; exit code 1 if it was not learned. */
  public static void main(String[] arguments) {
    Generator.manualSeed(1);
    var net = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 1));
    var lossFn = new BCEWithLogitsLoss();
    var optimizer = new Adam(net.parameters(), 0.05);
    Tensor inputs = Tensor.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
    Tensor targets = Tensor.of(new float[] {0, 1, 1, 0}, 4, 1);
    double last = Double.NaN;
    for (int step = 0; step < 300; step++) {
      optimizer.zeroGrad();
      Tensor loss = lossFn.forward(net.forward(inputs), targets);
      loss.backward();
      optimizer.step();
      last = loss.item();
    }
    Tensor right = net.forward(inputs).gt(0).eq(targets.gt(0));
    double accuracy = right.sum().item() / right.elements();
    String where = Xor.class.getModule().isNamed() ? "module path" : "class path";
    System.out.printf("%s on %s: loss %s, accuracy %s%n", where, inputs.device(), last, accuracy);
    if (!(last < 0.05 && accuracy == 1)) {
      System.exit(1);
    }
  }
}
