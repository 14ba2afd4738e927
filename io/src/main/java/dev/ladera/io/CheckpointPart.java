package dev.ladera.io;

import dev.ladera.StateDict;
import dev.ladera.Tensor;
import java.util.Map;

/** What a checkpoint keeps under one name. */
sealed interface CheckpointPart {
  /** The state of a module. */
  record Tensors(Map<String, Tensor> tensors) implements CheckpointPart {}

  /** The state of an optimizer or a schedule. */
  record State(StateDict state) implements CheckpointPart {}

  /** Where a generator stands. */
  record Place(long seed, long offset) implements CheckpointPart {}
}
