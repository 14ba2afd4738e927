package dev.ladera.nn;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Gradients;
import dev.ladera.IndexException;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a learned table by number: integers (…) give (…, width). The table begins with numbers of
 * mean 0 and variance 1.
 */
public final class Embedding extends Layer {
  private final int count;
  private final int width;
  private final Slot weight;
  private @Nullable Integer paddingIdx;

  /**
   * A table of so many rows.
   *
   * @throws dev.ladera.ArgumentException if a size is not positive
   */
  public Embedding(int count, int width) {
    this.count = Arguments.atLeast("embedding", "count", count, 1);
    this.width = Arguments.atLeast("embedding", "width", width, 1);
    this.weight = parameter("weight", Init.normal(Tensor.zeros(count, width), 0, 1));
  }

  private Embedding(Tensor table) {
    this.count = table.size(0);
    this.width = table.size(1);
    this.weight = parameter("weight", table);
  }

  /**
   * A layer over a copy of a ready table.
   *
   * @param table of shape (rows, width), floating
   * @param freeze whether it is not learned on
   * @throws ShapeException if the table has not two axes
   */
  public static Embedding fromPretrained(Tensor table, boolean freeze) {
    if (table.rank() != 2) {
      throw new ShapeException(
          "embedding", "table " + table.shape() + " must be (rows, width)", table.shape());
    }
    Embedding embedding = new Embedding(table.detach().copy());
    embedding.requiresGrad(!freeze);
    return embedding;
  }

  /**
   * Names a row that stands for nothing: it becomes zeros and has no gradient.
   *
   * @param row negative ones count from the end
   * @throws IndexException if there is no such row
   */
  public Embedding paddingIdx(int row) {
    if (row < -count || row >= count) {
      throw new IndexException(
          "embedding", "paddingIdx " + row + " is no row of " + count, row, count);
    }
    int place = row < 0 ? row + count : row;
    paddingIdx = place;
    Gradients.noGrad(() -> weight().select(0, place).fill(0));
    return this;
  }

  /** The table, (rows, width). */
  public Tensor weight() {
    return weight.tensor();
  }

  @Override
  protected Tensor compute(Tensor input) {
    if (!input.dtype().isInteger()) {
      throw new DTypeException(
          "embedding",
          "input is "
              + input.dtype()
              + "; rows are numbered by int32 or int64, use to(DType.INT64)",
          input.dtype(),
          DType.INT64);
    }
    Tensor rows = rows(input);
    Integer padding = paddingIdx;
    if (padding == null || !rows.requiresGrad()) {
      return rows;
    }
    // The same values, but what comes from the padding row is cut off from its gradient.
    return Tensor.where(input.eq(padding).unsqueeze(-1), rows.detach(), rows);
  }

  private Tensor rows(Tensor input) {
    try {
      return weight().embedding(input);
    } catch (IndexException wrong) {
      IndexException named =
          new IndexException(
              "embedding",
              "input holds " + wrong.index() + "; rows are 0 to " + (count - 1),
              wrong.index(),
              count);
      named.initCause(wrong);
      throw named;
    }
  }

  @Override
  protected String describe() {
    return count + ", " + width + (paddingIdx == null ? "" : ", padding_idx=" + paddingIdx);
  }
}
