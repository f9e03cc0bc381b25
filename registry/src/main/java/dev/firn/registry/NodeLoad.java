package dev.firn.registry;

/**
 * The load of a node, as it last said.
 *
 * @param average1 over a minute; negative if the node does not know
 * @param average5 over five minutes
 * @param average15 over fifteen minutes
 * @param processors 1 or more
 * @param os as uname says it
 */
record NodeLoad(float average1, float average5, float average15, int processors, String os) {}
