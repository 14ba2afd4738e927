/** A user's own program. */
module com.example.consumer {
  requires dev.ladera.all;
}
