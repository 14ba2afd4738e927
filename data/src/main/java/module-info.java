/** Datasets, loaders and transforms: what stands between files and a training loop. */
module dev.ladera.data {
  requires transitive dev.ladera;
  requires java.net.http;
  requires static org.jspecify;

  exports dev.ladera.data;
}
