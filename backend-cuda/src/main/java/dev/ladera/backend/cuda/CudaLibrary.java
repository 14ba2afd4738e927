package dev.ladera.backend.cuda;

import java.util.List;

/** NVIDIA's libraries, with the names of their files, the newest first. */
enum CudaLibrary {
  /** The driver, which comes with the machine. */
  DRIVER("ladera.cuda.driver", "libcuda.so.1", "libcuda.so"),
  /** The compiler of kernels. */
  NVRTC("ladera.cuda.nvrtc", "libnvrtc.so.13", "libnvrtc.so.12"),
  /** Products of matrices. */
  CUBLAS_LT("ladera.cuda.cublas", "libcublasLt.so.13", "libcublasLt.so.12"),
  /** Convolutions. */
  CUDNN("ladera.cuda.cudnn", "libcudnn.so.9");

  private final String property;
  private final List<String> names;

  CudaLibrary(String property, String... names) {
    this.property = property;
    this.names = List.of(names);
  }

  /** The system property that names the file. */
  String property() {
    return property;
  }

  /** The names of its file. */
  List<String> names() {
    return names;
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
