package dev.ladera.backend.cuda;

import java.util.List;

/** NVIDIA's libraries. */
enum CudaLibrary {
  /** The driver, which comes with the machine. */
  DRIVER("ladera.cuda.driver"),
  /** The compiler of kernels. */
  NVRTC("ladera.cuda.nvrtc"),
  /** Products of matrices. */
  CUBLAS_LT("ladera.cuda.cublas"),
  /** Convolutions. */
  CUDNN("ladera.cuda.cudnn");

  private final String property;

  CudaLibrary(String property) {
    this.property = property;
  }

  /** The system property that names the file. */
  String property() {
    return property;
  }

  /** The names of its file, the newest version first. */
  List<String> names() {
    return switch (this) {
      case DRIVER -> List.of("libcuda.so.1", "libcuda.so");
      case NVRTC -> List.of("libnvrtc.so.13", "libnvrtc.so.12");
      case CUBLAS_LT -> List.of("libcublasLt.so.13", "libcublasLt.so.12");
      case CUDNN -> List.of("libcudnn.so.9");
    };
  }

  @Override
  public String toString() {
    return switch (this) {
      case DRIVER -> "NVIDIA's driver";
      case NVRTC -> "NVRTC";
      case CUBLAS_LT -> "cuBLASLt";
      case CUDNN -> "cuDNN";
    };
  }

  /** What to do to have it. */
  String remedy() {
    return switch (this) {
          case DRIVER -> "install NVIDIA's driver";
          case NVRTC ->
              "install CUDA's NVRTC 12 or 13, by the toolkit or by pip install nvidia-cuda-nvrtc";
          case CUBLAS_LT ->
              "install cuBLAS 12 or 13, by the toolkit or by pip install nvidia-cublas";
          case CUDNN -> "install cuDNN 9, by NVIDIA's package or by pip install nvidia-cudnn-cu13";
        }
        + ", or name its file by -D"
        + property
        + "=PATH";
  }
}
