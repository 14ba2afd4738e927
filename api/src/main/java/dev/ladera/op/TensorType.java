package dev.ladera.op;

import dev.ladera.DType;
import dev.ladera.Shape;

/**
 * What can be known of a tensor before anything runs.
 *
 * @param dtype the element type
 * @param shape the shape
 */
public record TensorType(DType dtype, Shape shape) {
  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
