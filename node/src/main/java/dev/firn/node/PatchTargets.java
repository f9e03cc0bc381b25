package dev.firn.node;

import dev.firn.model.DistributionDescriptor;
import java.util.List;
import java.util.SortedMap;

/**
 * What a patch is to fetch.
 *
 * @param application whether the distribution of the application is fetched
 * @param servers those that wait for it, ascending; nothing is fetched if there are none
 * @param distributions their own distributions that are fetched, by server id
 */
record PatchTargets(
    boolean application,
    List<String> servers,
    SortedMap<String, DistributionDescriptor> distributions) {}
