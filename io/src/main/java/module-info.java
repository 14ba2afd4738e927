/** Files: safetensors, npy and npz, checkpoints, and the atomic replacing of files. */
module dev.ladera.io {
  requires transitive dev.ladera;
  requires static transitive org.jspecify;
  requires tools.jackson.core;

  exports dev.ladera.io;
}
