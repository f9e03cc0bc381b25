/**
 * The cores' stores on disk: the tables of a registry and of a storm in LMDB, laid out exactly as
 * ZeroC's services lay them out, and the lock of a data directory.
 *
 * <p>A store belongs to one thread at a time. What the environment does wrong (a full disk, a
 * corrupt file, a directory in use) is a {@link dev.firn.replication.StoreException}, a {@link
 * dev.firn.election.StateStoreException} or a {@link dev.firn.storage.DirectoryLockException} whose
 * message says what to do; a database that cannot be opened is left as it was found.
 */
@NullMarked
package dev.firn.storage;

import org.jspecify.annotations.NullMarked;
