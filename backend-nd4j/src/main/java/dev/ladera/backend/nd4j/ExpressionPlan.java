package dev.ladera.backend.nd4j;

import dev.ladera.op.Program;
import dev.ladera.op.Program.Step;
import java.util.List;

/**
 * A program with the step after which each value is no longer needed.
 *
 * @param program the steps
 * @param lastUse for each step, the last step that reads it; its own place if none does
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and shared within this package.
record ExpressionPlan(Program program, int[] lastUse) {

  static ExpressionPlan of(Program program) {
    List<Step> steps = program.steps();
    int[] lastUse = new int[steps.size()];
    for (int s = 0; s < lastUse.length; s++) {
      lastUse[s] = s;
      for (int operand : operands(steps.get(s))) {
        lastUse[operand] = s;
      }
    }
    return new ExpressionPlan(program, lastUse);
  }

  /** The steps that a step reads. */
  static int[] operands(Step step) {
    return switch (step) {
      case Step.Load _, Step.Parameter _, Step.Literal _ -> new int[0];
      case Step.Unary unary -> new int[] {unary.operand()};
      case Step.Cast cast -> new int[] {cast.operand()};
      case Step.Binary binary -> new int[] {binary.left(), binary.right()};
      case Step.Select select -> new int[] {select.condition(), select.yes(), select.no()};
    };
  }
}
