package dev.ladera.testkit.conformance;

import dev.ladera.Device;
import dev.ladera.LaderaException;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.jspecify.annotations.Nullable;

/**
 * Calls of each operation drawn at random, by jqwik, against the reference. They are the same in
 * each build; the system properties {@code ladera.conformance.seed} and {@code
 * ladera.conformance.tries} ask for others, and for more.
 */
final class RandomCallChecks {
  private static final int TRIES = 100;

  /** How many simpler calls are tried when one has failed. */
  private static final int SIMPLER = 300;

  private RandomCallChecks() {}

  static Stream<Check> of(List<OperatorCase> table, Device device) {
    long seed = Long.getLong("ladera.conformance.seed", 1);
    int tries = Integer.getInteger("ladera.conformance.tries", TRIES);
    return table.stream()
        .map(line ->
            Check.of(
                "random", line, () -> JqwikSession.run(() -> check(line, device, seed, tries))));
  }

  private static void check(OperatorCase line, Device device, long seed, int tries) {
    RandomGenerator<RandomCall> calls = RandomCall.of(line).generator(tries, true);
    Random random = new Random(31 * seed + line.operation().hashCode());
    for (int i = 0; i < tries; i++) {
      Shrinkable<RandomCall> drawn = calls.next(random);
      Throwable failure = failure(line, drawn.value(), device);
      if (failure != null) {
        throw simplest(line, drawn, failure, device, seed);
      }
    }
  }

  /** What is wrong with a call, or null. */
  private static @Nullable Throwable failure(OperatorCase line, RandomCall call, Device device) {
    try {
      compare(line, call, device);
      return null;
    } catch (AssertionError | RuntimeException failure) {
      return failure;
    }
  }

  /** The device answers what the reference does, or refuses the call as the reference does. */
  private static void compare(OperatorCase line, RandomCall call, Device device) {
    List<HostValue> expected;
    try {
      expected = Runs.expected(line, call.sample(), call.values());
    } catch (LaderaException refused) {
      Runs.refuses(call.sample(), device, call.on(device), refused);
      return;
    }
    Comparison.close(
        line.operation(),
        Runs.call(call.sample(), device, call.on(device)),
        expected,
        line.tolerance());
  }

  /** The report of the simplest failing call that a bounded search finds. */
  private static AssertionError simplest(
      OperatorCase line, Shrinkable<RandomCall> drawn, Throwable first, Device device, long seed) {
    Shrinkable<RandomCall> simplest = drawn;
    Throwable failure = first;
    int left = SIMPLER;
    Iterator<Shrinkable<RandomCall>> simpler = simplest.shrink().iterator();
    while (left-- > 0 && simpler.hasNext()) {
      Shrinkable<RandomCall> candidate = simpler.next();
      Throwable found = failure(line, candidate.value(), device);
      if (found != null) {
        simplest = candidate;
        failure = found;
        simpler = simplest.shrink().iterator();
      }
    }
    return new AssertionError(
        failure.getMessage()
            + "\n"
            + simplest.value()
            + "\n(drawn with -Dladera.conformance.seed="
            + seed
            + ")",
        failure);
  }
}
