package dev.ladera.examples;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * A function of x and y that was typed in: {@code + - * / ^}, parentheses, {@code sin cos tan exp
 * log sqrt abs tanh}, {@code pi} and {@code e}. It computes with tensors, so that it has gradients.
 *
 * <p>A parser by recursive descent: a sum of products of powers of atoms.
 */
final class Formula implements BinaryOperator<Tensor> {
  private final String text;
  private int at;
  private Tensor x;
  private Tensor y;

  private Formula(String text, Tensor x, Tensor y) {
    this.text = text;
    this.x = x;
    this.y = y;
  }

  /**
   * Reads a formula.
   *
   * @throws ArgumentException if it is none, with the place
   */
  static Formula of(String text) {
    Tensor nothing = Tensor.scalar(0, DType.FLOAT64);
    Formula formula = new Formula(text, nothing, nothing);
    formula.apply(nothing, nothing);
    return formula;
  }

  @Override
  public Tensor apply(Tensor first, Tensor second) {
    Formula reading = new Formula(text, first, second);
    Tensor value = reading.sum();
    if (reading.at < text.length()) {
      throw reading.wrong("the end");
    }
    return value;
  }

  private Tensor sum() {
    Tensor value = product();
    while (true) {
      if (sees('+')) {
        value = value.add(product());
      } else if (sees('-')) {
        value = value.sub(product());
      } else {
        return value;
      }
    }
  }

  private Tensor product() {
    Tensor value = signed();
    while (true) {
      if (sees('*')) {
        value = value.mul(signed());
      } else if (sees('/')) {
        value = value.div(signed());
      } else {
        return value;
      }
    }
  }

  private Tensor signed() {
    return sees('-') ? signed().neg() : power();
  }

  private Tensor power() {
    Tensor base = atom();
    if (!sees('^')) {
      return base;
    }
    Tensor exponent = signed();
    // A square is worth a rule of its own: it is exact, and fine for negative numbers.
    return !exponent.requiresGrad() && exponent.elements() == 1 && exponent.item() == 2
        ? base.square()
        : base.pow(exponent);
  }

  private Tensor atom() {
    if (sees('(')) {
      return closed(this::sum);
    }
    int start = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    if (at > start) {
      try {
        return constant(Double.parseDouble(text.substring(start, at)));
      } catch (NumberFormatException notANumber) {
        at = start;
        throw wrong("a number");
      }
    }
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "x" -> x;
      case "y" -> y;
      case "pi" -> constant(Math.PI);
      case "e" -> constant(Math.E);
      case "sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh" -> {
        if (!sees('(')) {
          throw wrong("'(' after " + word);
        }
        yield function(word, closed(this::sum));
      }
      default -> {
        at = start;
        throw wrong("a number, x, y, pi, e, a function or '('");
      }
    };
  }

  private static Tensor function(String name, Tensor value) {
    return switch (name) {
      case "sin" -> value.sin();
      case "cos" -> value.cos();
      case "tan" -> value.tan();
      case "exp" -> value.exp();
      case "log" -> value.log();
      case "sqrt" -> value.sqrt();
      case "abs" -> value.abs();
      default -> value.tanh();
    };
  }

  private Tensor closed(Supplier<Tensor> inner) {
    Tensor value = inner.get();
    if (!sees(')')) {
      throw wrong("')'");
    }
    return value;
  }

  private static Tensor constant(double value) {
    return Tensor.scalar(value, DType.FLOAT64);
  }

  /** Steps over a sign and the blanks around it. */
  private boolean sees(char sign) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == sign) {
      at++;
      skipBlanks();
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private ArgumentException wrong(String expected) {
    return new ArgumentException(
        "function",
        "'" + text + "'",
        "cannot be read at character "
            + (at + 1)
            + ": expected "
            + expected
            + (at < text.length() ? ", found '" + text.charAt(at) + "'" : ""));
  }
}
