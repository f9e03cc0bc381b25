/**
 * Load against real registry processes. Nothing depends on this module; {@link
 * dev.firn.bench.BenchMain} and {@link dev.firn.bench.NoopServer} are programs, not an API.
 */
@NullMarked
package dev.firn.bench;

import org.jspecify.annotations.NullMarked;
