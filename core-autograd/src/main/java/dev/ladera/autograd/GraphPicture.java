package dev.ladera.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws boxes with lines of text, and arrows from parents, as SVG. A box stands in the row below
 * its lowest parent; a leaf in the row above its first use, so that arrows stay short.
 */
final class GraphPicture {
  /**
   * A box.
   *
   * @param lines its text
   * @param parents places of the boxes that arrows come from, all before this one
   * @param tinted whether it is drawn in colour
   */
  record Box(List<String> lines, List<Integer> parents, boolean tinted) {}

  private static final double CHARACTER = 7.3;
  private static final int LINE = 16;
  private static final int PADDING = 8;
  private static final int GAP_X = 24;
  private static final int GAP_Y = 40;

  private final List<Box> boxes;
  private final int[] row;
  private final int[] left;
  private final int[] top;

  GraphPicture(List<Box> boxes) {
    this.boxes = boxes;
    this.row = new int[boxes.size()];
    this.left = new int[boxes.size()];
    this.top = new int[boxes.size()];
  }

  private static int width(Box box) {
    int longest = 0;
    for (String line : box.lines()) {
      longest = Math.max(longest, line.length());
    }
    return (int) Math.ceil(longest * CHARACTER) + 2 * PADDING;
  }

  private static int height(Box box) {
    return box.lines().size() * LINE + 2 * PADDING;
  }

  String svg() {
    for (int i = 0; i < row.length; i++) {
      for (int parent : boxes.get(i).parents()) {
        row[i] = Math.max(row[i], row[parent] + 1);
      }
    }
    int[] firstUse = new int[row.length];
    java.util.Arrays.fill(firstUse, Integer.MAX_VALUE);
    for (int i = 0; i < row.length; i++) {
      for (int parent : boxes.get(i).parents()) {
        firstUse[parent] = Math.min(firstUse[parent], row[i]);
      }
    }
    for (int i = 0; i < row.length; i++) {
      if (boxes.get(i).parents().isEmpty() && firstUse[i] != Integer.MAX_VALUE) {
        row[i] = firstUse[i] - 1;
      }
    }
    List<List<Integer>> rows = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      while (rows.size() <= row[i]) {
        rows.add(new ArrayList<>());
      }
      rows.get(row[i]).add(i);
    }
    int widest = 0;
    for (List<Integer> line : rows) {
      int width = GAP_X;
      for (int box : line) {
        width += width(boxes.get(box)) + GAP_X;
      }
      widest = Math.max(widest, width);
    }
    int y = GAP_X;
    for (List<Integer> line : rows) {
      int used = GAP_X;
      int tallest = 0;
      for (int box : line) {
        used += width(boxes.get(box)) + GAP_X;
        tallest = Math.max(tallest, height(boxes.get(box)));
      }
      int x = (widest - used) / 2 + GAP_X;
      for (int box : line) {
        left[box] = x;
        top[box] = y;
        x += width(boxes.get(box)) + GAP_X;
      }
      y += tallest + GAP_Y;
    }
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\" font-family=\"monospace\" font-size=\"12\">%n"
                + "<defs><marker id=\"arrow\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\""
                + " refY=\"4\" orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\" fill=\"#555\"/>"
                + "</marker></defs>%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            widest,
            y,
            widest,
            y));
    for (int i = 0; i < row.length; i++) {
      for (int parent : boxes.get(i).parents()) {
        arrow(svg, parent, i);
      }
    }
    for (int i = 0; i < row.length; i++) {
      box(svg, i);
    }
    return svg.append("</svg>\n").toString();
  }

  private void arrow(StringBuilder svg, int from, int to) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#555\""
                + " marker-end=\"url(#arrow)\"/>%n",
            left[from] + width(boxes.get(from)) / 2,
            top[from] + height(boxes.get(from)),
            left[to] + width(boxes.get(to)) / 2,
            top[to]));
  }

  private void box(StringBuilder svg, int i) {
    Box box = boxes.get(i);
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"%s\""
                + " stroke=\"#333\"/>%n",
            left[i],
            top[i],
            width(box),
            height(box),
            box.tinted() ? "#e8f0e0" : "#f4f4f8"));
    for (int line = 0; line < box.lines().size(); line++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\"%s>%s</text>%n",
              left[i] + PADDING,
              top[i] + PADDING + (line + 1) * LINE - 4,
              line == 0 ? " font-weight=\"bold\"" : "",
              box.lines().get(line).replace("&", "&amp;").replace("<", "&lt;")));
    }
  }
}
