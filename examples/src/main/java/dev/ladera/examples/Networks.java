package dev.ladera.examples;

import dev.ladera.Shape;
import dev.ladera.nn.Conv2d;
import dev.ladera.nn.Flatten;
import dev.ladera.nn.Linear;
import dev.ladera.nn.LogSoftmax;
import dev.ladera.nn.MaxPool2d;
import dev.ladera.nn.ReLU;
import dev.ladera.nn.Sequential;

/** The networks that {@code train} offers. They answer logarithms of probabilities. */
enum Networks {
  /** Three layers of products: pixels to 128 to 64 to 10. */
  MLP {
    @Override
    Sequential make(Shape image, int classes) {
      return new Sequential(
          new Flatten(),
          new Linear((int) image.elements(), 128),
          new ReLU(),
          new Linear(128, 64),
          new ReLU(),
          new Linear(64, classes),
          new LogSoftmax(1));
    }
  },

  /**
   * LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
   * recognition", 1998) with ReLU and max-pooling; kernels of 3 for images too small for 5.
   */
  LENET {
    @Override
    Sequential make(Shape image, int classes) {
      int size = image.size(1);
      boolean small = size < 20;
      int second = small ? size / 2 / 2 : (size / 2 - 4) / 2;
      return new Sequential(
          small
              ? new Conv2d(image.size(0), 6, 3).padding(1)
              : new Conv2d(image.size(0), 6, 5).padding(2),
          new ReLU(),
          new MaxPool2d(2),
          small ? new Conv2d(6, 16, 3).padding(1) : new Conv2d(6, 16, 5),
          new ReLU(),
          new MaxPool2d(2),
          new Flatten(),
          new Linear(16 * second * second, 120),
          new ReLU(),
          new Linear(120, 84),
          new ReLU(),
          new Linear(84, classes),
          new LogSoftmax(1));
    }
  };

  /** A network for square images of this shape: channels, height, width. */
  abstract Sequential make(Shape image, int classes);
}
