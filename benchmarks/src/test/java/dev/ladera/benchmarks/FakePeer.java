package dev.ladera.benchmarks;

import dev.ladera.Device;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A framework that computes as Ladera does, but for some operations. */
final class FakePeer implements PeerServer.Framework {
  private FakePeer() {}

  public static void main(String[] arguments) throws IOException {
    PeerServer.serve(FakePeer::new);
  }

  @Override
  public String version() {
    System.out.println("libraries print what they like; this is no answer");
    return "fake 1";
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public PeerServer.@Nullable Body prepare(String operation, int... sizes) {
    Prepared prepared =
        Benchmarks.operation(operation)
            .orElseThrow()
            .maker()
            .make(new Inputs(Device.of("cpu")), sizes);
    List<Double> check = new ArrayList<>(Check.of(prepared));
    switch (operation) {
      case "mul" -> check.set(0, check.getFirst() + 1);
      case "exp" -> {
        return null;
      }
      case "tanh" -> throw new UnsupportedOperationException("not on a Monday");
      case "gelu" -> Runtime.getRuntime().halt(3);
      default -> {}
    }
    return new PeerServer.Body(() -> prepared.scope(prepared.body()), check, () -> {});
  }
}
