package dev.ladera.backend.cpu;

/** How the two floating types are made, as far as functions play with their bits. */
enum Precision {
  SINGLE(23, 127, 0.6931471824645996, -1.9046542121259336e-9),
  DOUBLE(52, 1023, 0.6931471805599453, 2.3190468138462996e-17);

  /** The bits of the mantissa that are kept; the exponent begins above them. */
  final int mantissa;

  /** What is added to exponents where they are kept. */
  final int bias;

  /** ln 2, rounded. */
  final double ln2;

  /** ln 2 less what it was rounded to. */
  final double ln2Rest;

  Precision(int mantissa, int bias, double ln2, double ln2Rest) {
    this.mantissa = mantissa;
    this.bias = bias;
    this.ln2 = ln2;
    this.ln2Rest = ln2Rest;
  }

  /** From here on to its double, numbers are the integers, which their bits count up. */
  double integers() {
    return Math.scalb(1.0, mantissa);
  }

  /** Half the distance from 1 to the next larger number. */
  double halfUnit() {
    return Math.scalb(1.0, -mantissa - 1);
  }

  /** The least number that is not subnormal. */
  double leastNormal() {
    return Math.scalb(1.0, 1 - bias);
  }
}
