package dev.ladera.testkit.conformance;

import org.junit.jupiter.api.function.Executable;

/**
 * One thing that a backend must do right.
 *
 * @param id tells it from all others; what a file of expected failures names
 * @param body throws if the backend fails
 */
record Check(String id, Executable body) {}
