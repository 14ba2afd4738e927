/** Everything of Ladera but a backend: what a program on the module path requires. */
module dev.ladera.all {
  requires transitive dev.ladera;
  requires transitive dev.ladera.autograd;
  requires transitive dev.ladera.data;
  requires transitive dev.ladera.io;
  requires transitive dev.ladera.nn;
  requires transitive dev.ladera.optim;
}
