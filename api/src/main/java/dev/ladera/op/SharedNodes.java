package dev.ladera.op;

import dev.ladera.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct nodes of an expression, operands first. An expression that uses a part n times in a
 * row, each time in place of itself, is a tree of 2ⁿ leaves, though it has n nodes: so nothing that
 * is done with expressions may walk the tree.
 */
final class SharedNodes {
  private static final int NONE = -1;

  /** What makes a node, its operands by their places. Lists of these are equal as the trees are. */
  record Key(Object kind, int a, int b, int c) {}

  private final List<Key> keys = new ArrayList<>();
  private final List<Expr> nodes = new ArrayList<>();
  private final Map<Key, Integer> known = new HashMap<>();
  private final Map<Expr, Integer> places = new IdentityHashMap<>();

  SharedNodes(Expr root) {
    place(root);
  }

  /** Equal for equal expressions, and only for them. */
  List<Key> keys() {
    return keys;
  }

  /** The nodes; equal ones are one object. */
  List<Expr> nodes() {
    return nodes;
  }

  /** The whole expression, in which equal parts are one object. */
  Expr root() {
    return nodes.getLast();
  }

  private int place(Expr expr) {
    Integer place = places.get(expr);
    if (place == null) {
      place =
          switch (expr) {
            case Expr.Input _, Expr.Constant _, Expr.Scalar _ -> add(expr, NONE, NONE, NONE, expr);
            case Expr.Unary(UnaryOp op, Expr operand) -> {
              int a = place(operand);
              yield add(op, a, NONE, NONE, new Expr.Unary(op, nodes.get(a)));
            }
            case Expr.Binary(BinaryOp op, Expr left, Expr right) -> {
              int a = place(left);
              int b = place(right);
              yield add(op, a, b, NONE, new Expr.Binary(op, nodes.get(a), nodes.get(b)));
            }
            case Expr.Select(Expr condition, Expr yes, Expr no) -> {
              int a = place(condition);
              int b = place(yes);
              int c = place(no);
              yield add(
                  Expr.Select.class,
                  a,
                  b,
                  c,
                  new Expr.Select(nodes.get(a), nodes.get(b), nodes.get(c)));
            }
            case Expr.Cast(Expr operand, DType dtype) -> {
              int a = place(operand);
              yield add(dtype, a, NONE, NONE, new Expr.Cast(nodes.get(a), dtype));
            }
          };
      places.put(expr, place);
    }
    return place;
  }

  private int add(Object kind, int a, int b, int c, Expr node) {
    Key key = new Key(kind, a, b, c);
    Integer place = known.get(key);
    if (place == null) {
      place = nodes.size();
      known.put(key, place);
      keys.add(key);
      nodes.add(node);
    }
    return place;
  }
}
