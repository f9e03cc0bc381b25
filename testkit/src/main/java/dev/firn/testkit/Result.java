package dev.firn.testkit;

/**
 * What a random run did.
 *
 * @param events how many were scheduled
 * @param acknowledged updates that clients were told to be done
 * @param replicated those of them that a slave had acknowledged
 * @param lostByChoice updates that a promoted slave lacked because the master could not wait for it
 * @param located look-ups that were answered
 */
public record Result(
    long seed,
    long events,
    int acknowledged,
    int replicated,
    int lostByChoice,
    int promotions,
    long located) {}
