package dev.firn.node;

/** What a server's directory was written from: a revision of an application. */
record Revision(String uuid, int number) {}
