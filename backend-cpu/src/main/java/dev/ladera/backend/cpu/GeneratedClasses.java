package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.ladera.DType;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.Consumer;

/** What the generators of loops have in common. */
final class GeneratedClasses {
  private GeneratedClasses() {}

  /**
   * Makes an instance of a hidden class of this package that implements an interface of one method.
   *
   * @param name what stack traces and profiles show
   * @param type the interface
   * @param method its method
   * @param constants what {@link #constant} of the class refers to
   */
  static <T> T define(
      String name,
      Class<T> type,
      String method,
      MethodTypeDesc descriptor,
      List<?> constants,
      Consumer<CodeBuilder> body) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(GeneratedClasses.class.getPackageName(), name),
                builder ->
                    builder
                        .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                        .withInterfaceSymbols(type.describeConstable().orElseThrow())
                        .withMethodBody(
                            INIT_NAME,
                            MTD_void,
                            0,
                            code ->
                                code.aload(0)
                                    .invokespecial(CD_Object, INIT_NAME, MTD_void)
                                    .return_())
                        .withMethodBody(method, descriptor, ClassFile.ACC_PUBLIC, body));
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.lookup().defineHiddenClassWithClassData(bytes, constants, true);
      return type.cast(lookup.lookupClass().getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the generated class " + name + " could not be made", e);
    }
  }

  /**
   * The n-th of the constants given to {@link #define}: to the compiler as good as a static final.
   */
  static DynamicConstantDesc<?> constant(int index, ClassDesc type) {
    return DynamicConstantDesc.ofNamed(
        MethodHandleDesc.ofMethod(
            DirectMethodHandleDesc.Kind.STATIC,
            ClassDesc.of("java.lang.invoke.MethodHandles"),
            "classDataAt",
            MethodTypeDesc.of(CD_Object, CD_MethodHandles_Lookup, CD_String, CD_Class, CD_int)),
        ConstantDescs.DEFAULT_NAME,
        type,
        index);
  }

  static ClassDesc descriptor(DType type) {
    return switch (type) {
      case FLOAT32 -> CD_float;
      case FLOAT64 -> CD_double;
      case INT32 -> CD_int;
      case INT64 -> CD_long;
      case BOOL -> CD_boolean;
    };
  }

  static TypeKind kind(DType type) {
    return switch (type) {
      case FLOAT32 -> TypeKind.FLOAT;
      case FLOAT64 -> TypeKind.DOUBLE;
      case INT32 -> TypeKind.INT;
      case INT64 -> TypeKind.LONG;
      case BOOL -> TypeKind.BOOLEAN;
    };
  }
}
