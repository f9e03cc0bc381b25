package dev.firn.model;

/** Where descriptor files come from. */
@FunctionalInterface
public interface DescriptorFiles {
  /**
   * Reads a file of XML.
   *
   * @param file absolute, or relative to the working directory
   * @return its root element
   * @throws DescriptorFileException if it cannot be read, or is not well-formed
   */
  XmlElement read(String file) throws DescriptorFileException;
}
