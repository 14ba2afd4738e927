/** Modules, losses and initialisers: what networks are built of. */
module dev.ladera.nn {
  requires transitive dev.ladera;
  requires static transitive org.jspecify;

  exports dev.ladera.nn;
}
