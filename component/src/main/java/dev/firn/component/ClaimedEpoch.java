package dev.firn.component;

/**
 * An epoch that was begun.
 *
 * @param headSeq the last update of the stream, after which no older epoch can publish
 */
record ClaimedEpoch(long epoch, long headSeq) {}
