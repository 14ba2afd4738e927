package dev.ladera.nn;

import dev.ladera.Gradients;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@link Module#loadStateDict} does. */
final class StateLoading {
  private StateLoading() {}

  /** Compares all names and shapes first, so that a refusal leaves the module as it was. */
  static LoadReport load(
      String module, Map<String, Tensor> targets, Map<String, Tensor> state, boolean strict) {
    List<String> missing = new ArrayList<>();
    List<StateDictException.Mismatch> mismatched = new ArrayList<>();
    targets.forEach((name, target) -> {
      Tensor value = state.get(name);
      if (value == null) {
        missing.add(name);
      } else if (!value.shape().equals(target.shape())) {
        mismatched.add(new StateDictException.Mismatch(name, target.shape(), value.shape()));
      }
    });
    List<String> unexpected =
        state.keySet().stream().filter(name -> !targets.containsKey(name)).toList();
    LoadReport report = new LoadReport(missing, unexpected);
    if (!mismatched.isEmpty() || (strict && !report.isComplete())) {
      throw new StateDictException(module, report, mismatched);
    }
    Gradients.noGrad(() ->
        targets.forEach((name, target) -> {
          Tensor value = state.get(name);
          if (value != null) {
            target.assign(value.detach().to(target.device()));
          }
        }));
    return report;
  }
}
