package dev.ladera.data;

import dev.ladera.Tensor;

/**
 * One example.
 *
 * @param input what a network is given
 * @param target what it should answer
 */
public record Sample(Tensor input, Tensor target) {}
