package dev.ladera.autograd;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.ladera.DType;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import dev.ladera.op.UnaryOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of an elementwise operator with respect to one input, as one elementwise operator
 * over what it needs of the inputs, the output and the output's gradient. Found by symbolic
 * reverse-mode differentiation of the expression; kept by expression, so that it is found once.
 *
 * @param body the operator; its numbers are those of the operator that is differentiated
 * @param operands what each of its inputs is: an input of the operator, or {@link #OUTPUT}, or
 *     {@link #GRADIENT}
 */
record ExpressionGradient(Pointwise body, List<Integer> operands) {
  /** Stands for the operator's output among the operands. */
  static final int OUTPUT = -1;

  /** Stands for the gradient with respect to the output among the operands. */
  static final int GRADIENT = -2;

  private static final int MOST = 4096;

  private record Key(Object expression, int input, DType dtype) {}

  /** Answers of one engine, the least recently used dropped first. */
  static final class Table {
    private final Cache<Key, ExpressionGradient> known =
        CacheBuilder.newBuilder().maximumSize(MOST).build();

    /** The gradient with respect to an input of that type. */
    ExpressionGradient find(Pointwise operator, int input, DType dtype) {
      Key key = new Key(operator.kernelKey(), input, dtype);
      ExpressionGradient found = known.getIfPresent(key);
      if (found == null) {
        found = differentiate(operator, input, dtype);
        known.put(key, found);
      }
      return found;
    }
  }

  /** Whether the gradient is that of the output, unchanged. */
  boolean isIdentity() {
    return operands.equals(List.of(GRADIENT)) && body.body() instanceof Expr.Input;
  }

  /** Whether the gradient is zero everywhere. */
  boolean isZero() {
    return operands.isEmpty();
  }

  private static ExpressionGradient differentiate(Pointwise operator, int input, DType dtype) {
    int output = operator.arity();
    int gradient = operator.arity() + 1;
    Expr found = new Pass(operator.body(), output, gradient).run(input);
    Set<Integer> used = new LinkedHashSet<>();
    if (found != null) {
      collect(found, used, Collections.newSetFromMap(new IdentityHashMap<>()));
    }
    List<Integer> order = new ArrayList<>(used);
    Map<Integer, Integer> places = new HashMap<>();
    List<Integer> operands = new ArrayList<>();
    for (int index : order) {
      places.put(index, operands.size());
      operands.add(index == output ? OUTPUT : index == gradient ? GRADIENT : index);
    }
    Expr renumbered = found == null ? Expr.of(0) : new Renumbering(places).of(found);
    boolean plain = renumbered instanceof Expr.Input;
    Expr body = plain ? renumbered : renumbered.to(dtype);
    String name = operator.name() + "Gradient";
    return new ExpressionGradient(
        Pointwise.ofTemplate(name, operands.size(), body, operator.scalars()),
        List.copyOf(operands));
  }

  private static void collect(Expr expr, Set<Integer> used, Set<Expr> seen) {
    if (!seen.add(expr)) {
      return;
    }
    switch (expr) {
      case Expr.Input(int index) -> used.add(index);
      case Expr.Constant _, Expr.Scalar _ -> {}
      case Expr.Unary(UnaryOp _, Expr operand) -> collect(operand, used, seen);
      case Expr.Binary(BinaryOp _, Expr left, Expr right) -> {
        collect(left, used, seen);
        collect(right, used, seen);
      }
      case Expr.Select(Expr condition, Expr yes, Expr no) -> {
        collect(condition, used, seen);
        collect(yes, used, seen);
        collect(no, used, seen);
      }
      case Expr.Cast(Expr operand, DType _) -> collect(operand, used, seen);
    }
  }

  /** The same expression with other numbers of inputs; a node that occurs twice stays one. */
  private static final class Renumbering {
    private final Map<Integer, Integer> places;
    private final Map<Expr, Expr> done = new IdentityHashMap<>();

    Renumbering(Map<Integer, Integer> places) {
      this.places = places;
    }

    Expr of(Expr expr) {
      Expr result = done.get(expr);
      if (result == null) {
        result =
            switch (expr) {
              case Expr.Input(int index) -> new Expr.Input(places.getOrDefault(index, index));
              case Expr.Constant _, Expr.Scalar _ -> expr;
              case Expr.Unary(UnaryOp op, Expr operand) -> new Expr.Unary(op, of(operand));
              case Expr.Binary(BinaryOp op, Expr left, Expr right) ->
                  new Expr.Binary(op, of(left), of(right));
              case Expr.Select(Expr condition, Expr yes, Expr no) ->
                  new Expr.Select(of(condition), of(yes), of(no));
              case Expr.Cast(Expr operand, DType dtype) -> new Expr.Cast(of(operand), dtype);
            };
        done.put(expr, result);
      }
      return result;
    }
  }

  /**
   * The branch of a selection that something flows back through. A derivative is applied inside of
   * the selection, not outside of it: where a branch was not taken its derivative may be infinite,
   * and zero times infinity is not zero.
   *
   * @param outer the branch that the selection stands in, if in one
   * @param condition the selection's
   * @param holds whether the branch is taken where the condition holds
   */
  private record Branch(@Nullable Branch outer, Expr condition, boolean holds) {
    /** Not by the whole condition, which may be large; equal ones have equal operations. */
    @Override
    public int hashCode() {
      Object operation =
          switch (condition) {
            case Expr.Unary unary -> unary.op();
            case Expr.Binary binary -> binary.op();
            default -> condition.getClass();
          };
      return Objects.hash(outer, operation, holds);
    }

    Branch opposite() {
      return new Branch(outer, condition, !holds);
    }

    /** What flows where the branch is taken, else zero. */
    Expr around(Expr flow) {
      Expr zero = Expr.of(0);
      Expr inner = holds ? Expr.where(condition, flow, zero) : Expr.where(condition, zero, flow);
      return outer == null ? inner : outer.around(inner);
    }
  }

  /** One differentiation: what flows back to each node, from the root to the inputs. */
  private static final class Pass {
    // Equal nodes of an operator's expression are one object: maps go by identity, as a node's own
    // hash is that of the tree below it.
    private final Expr root;
    private final int output;

    /** For each node the sums of what flows back to it, by branches; null stands for none. */
    private final Map<Expr, Map<@Nullable Branch, Expr>> flows = new IdentityHashMap<>();

    private final Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Expr> order = new ArrayList<>();

    Pass(Expr root, int output, int gradient) {
      this.root = root;
      this.output = output;
      add(root, null, Expr.input(gradient));
      visit(root);
    }

    /** Operands come before what is made of them; nothing flows back to a condition. */
    private void visit(Expr expr) {
      if (!seen.add(expr)) {
        return;
      }
      switch (expr) {
        case Expr.Input _, Expr.Constant _, Expr.Scalar _ -> {}
        case Expr.Unary(UnaryOp _, Expr operand) -> visit(operand);
        case Expr.Binary(BinaryOp _, Expr left, Expr right) -> {
          visit(left);
          visit(right);
        }
        case Expr.Select(Expr _, Expr yes, Expr no) -> {
          visit(yes);
          visit(no);
        }
        case Expr.Cast(Expr operand, DType _) -> visit(operand);
      }
      order.add(expr);
    }

    @Nullable Expr run(int input) {
      for (Expr expr : order.reversed()) {
        joined(expr).forEach((branch, flow) -> pass(expr, branch, flow));
      }
      Expr sum = null;
      for (Expr expr : order) {
        if (expr instanceof Expr.Input(int index) && index == input) {
          for (Map.Entry<@Nullable Branch, Expr> found : joined(expr).entrySet()) {
            Branch branch = found.getKey();
            Expr flow = branch == null ? found.getValue() : branch.around(found.getValue());
            sum = sum == null ? flow : sum.add(flow);
          }
        }
      }
      return sum;
    }

    /**
     * What flows back to a node. Flows through both branches of a selection become one, so that
     * selections that follow each other do not double them.
     */
    private Map<@Nullable Branch, Expr> joined(Expr expr) {
      Map<@Nullable Branch, Expr> found = flows.getOrDefault(expr, new HashMap<>());
      for (Branch branch = paired(found); branch != null; branch = paired(found)) {
        Expr yes = Objects.requireNonNull(found.remove(branch));
        Expr no = Objects.requireNonNull(found.remove(branch.opposite()));
        found.merge(branch.outer(), Expr.where(branch.condition(), yes, no), Expr::add);
      }
      return found;
    }

    private static @Nullable Branch paired(Map<@Nullable Branch, Expr> found) {
      for (Branch branch : found.keySet()) {
        if (branch != null && branch.holds() && found.containsKey(branch.opposite())) {
          return branch;
        }
      }
      return null;
    }

    private void pass(Expr expr, @Nullable Branch branch, Expr g) {
      Expr value = expr == root ? Expr.input(output) : expr;
      switch (expr) {
        case Expr.Input _, Expr.Constant _, Expr.Scalar _ -> {}
        case Expr.Unary(UnaryOp op, Expr x) ->
            add(x, branch, ScalarDerivatives.of(op, x, value, g));
        case Expr.Binary(BinaryOp op, Expr a, Expr b) -> {
          add(a, branch, ScalarDerivatives.left(op, a, b, value, g));
          add(b, branch, ScalarDerivatives.right(op, a, b, value, g));
        }
        case Expr.Select(Expr condition, Expr yes, Expr no) -> {
          add(yes, new Branch(branch, condition, true), g);
          add(no, new Branch(branch, condition, false), g);
        }
        case Expr.Cast(Expr operand, DType dtype) -> {
          if (dtype.isFloating()) {
            add(operand, branch, g);
          }
        }
      }
    }

    private void add(Expr to, @Nullable Branch branch, @Nullable Expr flow) {
      if (flow == null) {
        return;
      }
      if (flow instanceof Expr.Select(Expr condition, Expr yes, Expr no)
          && (isZero(yes) || isZero(no))) {
        // A derivative that is itself a selection with zero, as that of pow.
        boolean holds = isZero(no);
        add(to, new Branch(branch, condition, holds), holds ? yes : no);
      } else {
        flows.computeIfAbsent(to, _ -> new LinkedHashMap<>()).merge(branch, flow, Expr::add);
      }
    }

    private static boolean isZero(Expr expr) {
      return expr instanceof Expr.Constant(double value, boolean _) && value == 0;
    }
  }
}
