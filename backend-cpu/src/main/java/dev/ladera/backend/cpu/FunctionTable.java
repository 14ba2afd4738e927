package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.op.UnaryOp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The functions made of instructions, each made when it is first needed. */
final class FunctionTable {
  private final Map<Key, LaneFunction> functions = new ConcurrentHashMap<>();

  private record Key(UnaryOp op, DType type) {}

  /** A function of one number, which is always defined alike. */
  LaneFunction get(UnaryOp op, DType type, UnaryOperator<Lane> definition) {
    return functions.computeIfAbsent(new Key(op, type), key -> make(key, definition));
  }

  private static LaneFunction make(Key key, UnaryOperator<Lane> definition) {
    LaneCode.Builder code = new LaneCode.Builder();
    Lane value = definition.apply(new Lane(code, code.input(0, key.type)));
    return new LaneFunction(key.op.name(), code.build(List.of(key.type), value.place()));
  }
}
