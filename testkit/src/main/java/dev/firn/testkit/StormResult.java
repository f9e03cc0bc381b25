package dev.firn.testkit;

/**
 * What a random run did.
 *
 * @param events how many were scheduled
 * @param acknowledged updates that clients were told to be done
 * @param rejected updates that were refused because of what there was
 * @param unknown updates of which clients never learned what became
 * @param reigns groups that came to serve
 * @param formedMillis how long all needed to form one group when the faults ended
 */
public record StormResult(
    long seed,
    long events,
    int acknowledged,
    int rejected,
    int unknown,
    int reigns,
    long formedMillis) {}
