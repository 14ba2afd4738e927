package dev.ladera.io;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * Lines of equal height of a function over a rectangle, by marching squares: each cell of a grid is
 * crossed by a straight piece wherever two of its corners lie on different sides of a height.
 */
final class Contours {
  private static final int CELLS = 120;

  private Contours() {}

  /**
   * One height.
   *
   * @param share how high it lies between lowest (0) and highest (1)
   * @param pieces straight pieces: x and y of one end, x and y of the other
   */
  record Level(double share, List<double[]> pieces) {}

  static List<Level> of(
      DoubleBinaryOperator height,
      double xLeast,
      double xMost,
      double yLeast,
      double yMost,
      int levels) {
    double[][] heights = new double[CELLS + 1][CELLS + 1];
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= CELLS; i++) {
      for (int j = 0; j <= CELLS; j++) {
        double at =
            height.applyAsDouble(
                xLeast + i * (xMost - xLeast) / CELLS, yLeast + j * (yMost - yLeast) / CELLS);
        heights[i][j] = at;
        if (Double.isFinite(at)) {
          least = Math.min(least, at);
          most = Math.max(most, at);
        }
      }
    }
    List<Level> all = new ArrayList<>();
    for (int level = 1; level <= levels; level++) {
      double share = (double) level / (levels + 1);
      // Even steps of the logarithm above the floor: valleys get as many lines as slopes.
      double at = least + (most - least) * (Math.pow(1000, share) - 1) / 999;
      List<double[]> pieces = new ArrayList<>();
      for (int i = 0; i < CELLS; i++) {
        for (int j = 0; j < CELLS; j++) {
          cross(
              pieces,
              heights,
              i,
              j,
              at,
              xLeast,
              (xMost - xLeast) / CELLS,
              yLeast,
              (yMost - yLeast) / CELLS);
        }
      }
      all.add(new Level(share, pieces));
    }
    return all;
  }

  private static void cross(
      List<double[]> pieces,
      double[][] heights,
      int i,
      int j,
      double level,
      double x,
      double dx,
      double y,
      double dy) {
    int[][] corners = {{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}};
    List<double[]> crossings = new ArrayList<>();
    for (int side = 0; side < 4; side++) {
      int[] one = corners[side];
      int[] two = corners[(side + 1) % 4];
      double first = heights[one[0]][one[1]];
      double second = heights[two[0]][two[1]];
      if (first < level != second < level) {
        double part = (level - first) / (second - first);
        crossings.add(
            new double[] {
              x + dx * (one[0] + part * (two[0] - one[0])),
              y + dy * (one[1] + part * (two[1] - one[1]))
            });
      }
    }
    for (int k = 0; k + 1 < crossings.size(); k += 2) {
      double[] start = crossings.get(k);
      double[] end = crossings.get(k + 1);
      pieces.add(new double[] {start[0], start[1], end[0], end[1]});
    }
  }
}
