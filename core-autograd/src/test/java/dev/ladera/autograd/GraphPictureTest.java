package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.autograd.GraphPicture.Box;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The picture's geometry, read back from the SVG. */
class GraphPictureTest {
  private record Rectangle(int x, int y, int width, int height, String fill) {
    int right() {
      return x + width;
    }

    int bottom() {
      return y + height;
    }

    int middle() {
      return x + width / 2;
    }
  }

  private record Text(int x, int y, boolean bold, String text) {}

  private record Arrow(int fromX, int fromY, int toX, int toY) {}

  private final List<Rectangle> boxes = new ArrayList<>();
  private final List<Text> texts = new ArrayList<>();
  private final List<Arrow> arrows = new ArrayList<>();
  private int width;
  private int height;

  private void draw(Box... given) throws Exception {
    String svg = new GraphPicture(List.of(given)).svg();
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    Element root = document.getDocumentElement();
    width = number(root, "width");
    height = number(root, "height");
    assertThat(root.getAttribute("viewBox")).isEqualTo("0 0 " + width + " " + height);
    // The first rectangle is the background.
    for (Element box : elements(root, "rect").subList(1, given.length + 1)) {
      boxes.add(
          new Rectangle(
              number(box, "x"),
              number(box, "y"),
              number(box, "width"),
              number(box, "height"),
              box.getAttribute("fill")));
    }
    for (Element text : elements(root, "text")) {
      texts.add(
          new Text(
              number(text, "x"),
              number(text, "y"),
              text.getAttribute("font-weight").equals("bold"),
              text.getTextContent()));
    }
    for (Element line : elements(root, "line")) {
      arrows.add(
          new Arrow(
              number(line, "x1"), number(line, "y1"), number(line, "x2"), number(line, "y2")));
    }
  }

  private static int number(Element element, String name) {
    return Integer.parseInt(element.getAttribute(name));
  }

  private static List<Element> elements(Element root, String name) {
    NodeList found = root.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static Box leaf(String name) {
    return new Box(List.of(name, "()"), List.of(), true);
  }

  private static Box step(String name, Integer... parents) {
    return new Box(List.of(name, "()", "value 3"), List.of(parents), false);
  }

  @Test
  void aBoxHoldsItsLinesOneBelowTheOther() throws Exception {
    draw(new Box(List.of("short", "a line of 23 characters", "last"), List.of(), true));
    Rectangle box = boxes.getFirst();
    assertThat(texts)
        .extracting(Text::text)
        .containsExactly("short", "a line of 23 characters", "last");
    assertThat(texts).extracting(Text::bold).containsExactly(true, false, false);
    assertThat(texts).allMatch(text -> text.x() == box.x() + 8);
    // 7.3 a character, rounded up, and as much room to the right as to the left.
    assertThat(box.width()).isEqualTo(168 + 16);
    assertThat(texts).extracting(text -> text.y() - box.y()).containsExactly(20, 36, 52);
    assertThat(box.height()).isEqualTo(3 * 16 + 16);
  }

  @Test
  void leavesAreTintedAndStepsAreNot() throws Exception {
    draw(leaf("x"), step("exp", 0));
    assertThat(boxes).extracting(Rectangle::fill).containsExactly("#e8f0e0", "#f4f4f8");
  }

  @Test
  void aStepStandsBelowAllThatItWasMadeOf() throws Exception {
    draw(leaf("x"), step("a", 0), step("b", 1), step("c", 0, 2), step("d", 1));
    assertThat(boxes.get(1).y()).isEqualTo(boxes.get(0).bottom() + 40);
    assertThat(boxes.get(2).y()).isEqualTo(boxes.get(1).bottom() + 40);
    assertThat(boxes.get(3).y()).isEqualTo(boxes.get(2).bottom() + 40);
    assertThat(boxes.get(4).y()).isEqualTo(boxes.get(2).y());
    assertThat(boxes.get(0).y()).isEqualTo(24);
    assertThat(height).isEqualTo(boxes.get(3).bottom() + 40);
  }

  @Test
  void aLeafStandsRightAboveItsFirstUse() throws Exception {
    draw(leaf("x"), leaf("w"), step("a", 0), step("b", 2), step("c", 1, 3), step("d", 1, 4));
    assertThat(boxes.get(0).y()).isEqualTo(24);
    assertThat(boxes.get(1).y()).isEqualTo(boxes.get(3).y());
    assertThat(boxes.get(4).y()).isGreaterThan(boxes.get(1).bottom());
  }

  @Test
  void aLeafThatNothingUsesStandsOnTop() throws Exception {
    draw(leaf("x"), step("a", 0), leaf("alone"));
    assertThat(boxes.get(2).y()).isEqualTo(boxes.get(0).y());
  }

  @Test
  void boxesOfARowStandSideBySideInItsMiddle() throws Exception {
    draw(leaf("x"), leaf("a longer name"), leaf("w"), step("mul", 0, 1, 2));
    assertThat(boxes.get(0).x()).isEqualTo(24);
    assertThat(boxes.get(1).x()).isEqualTo(boxes.get(0).right() + 24);
    assertThat(boxes.get(2).x()).isEqualTo(boxes.get(1).right() + 24);
    assertThat(width).isEqualTo(boxes.get(2).right() + 24);
    Rectangle below = boxes.get(3);
    assertThat(below.x() - (width - below.right())).isBetween(-1, 1);
  }

  @Test
  void aRowIsAsTallAsItsTallestBox() throws Exception {
    draw(leaf("x"), new Box(List.of("1", "2", "3", "4"), List.of(), true), step("add", 0, 1));
    assertThat(boxes.get(0).y()).isEqualTo(boxes.get(1).y());
    assertThat(boxes.get(2).y()).isEqualTo(boxes.get(1).bottom() + 40);
  }

  @Test
  void arrowsLeadFromTheMiddleBelowToTheMiddleAbove() throws Exception {
    draw(leaf("x"), leaf("a longer name"), step("mul", 0, 1));
    List<Arrow> expected = new ArrayList<>();
    for (int parent : List.of(0, 1)) {
      expected.add(
          new Arrow(
              boxes.get(parent).middle(),
              boxes.get(parent).bottom(),
              boxes.get(2).middle(),
              boxes.get(2).y()));
    }
    assertThat(arrows).containsExactlyElementsOf(expected);
  }

  @Test
  void namesMayHoldMarkup() throws Exception {
    draw(leaf("a < b & c"));
    assertThat(texts.getFirst().text()).isEqualTo("a < b & c");
  }
}
