package dev.firn.bench;

/** How the constant server reads a request and writes its answer. */
enum ReplyShape {
  /** The generated asynchronous skeleton: decodes, makes a future, encodes the proxy. */
  SKELETON,
  /** Own dispatch: decodes the argument, copies the encoded proxy into the reply. */
  ENCODED,
  /** Own dispatch: decodes the argument, copies the whole encoded result encapsulation. */
  ENCAPSULATED,
  /** The public raw-bytes servant: arguments and result are byte arrays. */
  BLOBJECT
}
