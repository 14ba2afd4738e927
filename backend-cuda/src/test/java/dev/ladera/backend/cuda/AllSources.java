package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.op.Primitive.Scan;
import dev.ladera.op.Program;
import dev.ladera.op.Signature;
import dev.ladera.op.TensorType;
import dev.ladera.op.UnaryOp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sources that the backend can make, by what they are for; expressions by all their parts. */
final class AllSources {
  private AllSources() {}

  static Map<String, KernelSource> all() {
    Map<String, KernelSource> sources = new LinkedHashMap<>();
    sources.put("creation", CreationKernels.source());
    for (boolean wide : new boolean[] {false, true}) {
      String form = wide ? " wide" : "";
      for (DType dtype : DType.values()) {
        ofType(sources, dtype, wide, " " + dtype + form);
      }
    }
    return sources;
  }

  private static void ofType(
      Map<String, KernelSource> sources, DType dtype, boolean wide, String kind) {
    for (Reduction reduction : Reduction.values()) {
      if (dtype != DType.BOOL || reduction == Reduction.MAX || reduction == Reduction.MIN) {
        sources.put(reduction + kind, ReduceKernel.source(reduction, dtype, wide));
      }
    }
    sources.put("copy" + kind, CopyKernels.source(dtype, wide));
    sources.put("sort" + kind, SortKernel.source(dtype, wide));
    sources.put("expressions" + kind, expressions(dtype).source(wide));
    for (DType index : List.of(DType.INT32, DType.INT64)) {
      sources.put("gather by " + index + kind, IndexKernels.gatherSource(dtype, index, wide));
      if (dtype != DType.BOOL) {
        sources.put(
            "scatterAdd by " + index + kind, IndexKernels.scatterAddSource(dtype, index, wide));
      }
    }
    if (dtype != DType.BOOL) {
      sources.put("argmax" + kind, ArgReduceKernel.source(true, dtype, wide));
      sources.put("argmin" + kind, ArgReduceKernel.source(false, dtype, wide));
      sources.put("matmul" + kind, MatMulKernel.source(dtype, false, wide));
      sources.put("linear" + kind, MatMulKernel.source(dtype, true, wide));
      for (Scan scan : Scan.values()) {
        sources.put("running " + scan + kind, CumulativeKernel.source(scan, dtype, wide));
      }
    }
    if (dtype.isFloating()) {
      sources.put("pool" + kind, PoolKernels.source(dtype, DType.INT64));
      sources.put("convolution" + kind, ConvolutionKernels.source(dtype));
      for (boolean solo : new boolean[] {false, true}) {
        String lines = (solo ? " solo" : "") + kind;
        sources.put("softmax" + lines, SoftmaxKernels.source("softmax", 2, dtype, solo, wide));
        sources.put(
            "softmax gradient" + lines,
            SoftmaxKernels.source("softmaxgradient", 3, dtype, solo, wide));
        sources.put("layer norm" + lines, LayerNormKernels.source(dtype, solo));
      }
    }
  }

  /** One expression of all functions that take a type, with constants and numbers among them. */
  private static PointwiseSource expressions(DType dtype) {
    Expr x = Expr.input(0);
    Expr y = Expr.input(1);
    List<Expr> parts = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      if (takes(op, dtype)) {
        parts.add(new Expr.Unary(op, x));
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      if (takes(op, dtype)) {
        parts.add(new Expr.Binary(op, x, y));
      }
    }
    for (DType other : DType.values()) {
      parts.add(new Expr.Cast(x, other));
    }
    parts.add(new Expr.Constant(1e-45, false));
    parts.add(new Expr.Constant(-1, true));
    parts.add(new Expr.Scalar(0, false));
    Expr sum = new Expr.Cast(parts.getFirst(), DType.FLOAT64);
    for (Expr part : parts.subList(1, parts.size())) {
      Expr taken =
          new Expr.Select(new Expr.Cast(y, DType.BOOL), part, new Expr.Cast(x, DType.INT32));
      sum = new Expr.Binary(BinaryOp.ADD, sum, new Expr.Cast(taken, DType.FLOAT64));
    }
    TensorType type = new TensorType(dtype, Shape.of(2));
    Program program =
        Pointwise.ofTemplate("all", 2, sum, Double.doubleToRawLongBits(0.5))
            .program(Signature.of(type, type));
    return new PointwiseSource(program, DType.FLOAT32);
  }

  private static boolean takes(UnaryOp op, DType dtype) {
    return switch (op.kind()) {
      case NUMERIC -> dtype != DType.BOOL;
      case FLOATING, TEST -> true;
      case BITS -> !dtype.isFloating();
    };
  }

  private static boolean takes(BinaryOp op, DType dtype) {
    boolean shift = op.name().startsWith("SHIFT");
    return switch (op.kind()) {
      case NUMERIC -> dtype != DType.BOOL;
      case FLOATING, COMPARISON -> true;
      case BITS -> !dtype.isFloating() && !(shift && dtype == DType.BOOL);
    };
  }
}
