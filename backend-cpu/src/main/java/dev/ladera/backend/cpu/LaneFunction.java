package dev.ladera.backend.cpu;

/**
 * A function made of instructions. Vector loops have the instructions in line; scalar loops call
 * the scalar form, which has the same instructions and so gives the same bits. Being a method of
 * its own that is called once an element, and the same one by all loops, it is compiled long before
 * a loop is.
 */
final class LaneFunction {
  private final LaneCode body;
  private final ScalarFunction scalar;

  /**
   * A function of a name, which stack traces and profiles show.
   *
   * @param body code of one result, without calls
   */
  LaneFunction(String name, LaneCode body) {
    this.body = body;
    this.scalar = ScalarFunctionGenerator.generate(name, body);
  }

  LaneCode body() {
    return body;
  }

  ScalarFunction scalar() {
    return scalar;
  }
}
