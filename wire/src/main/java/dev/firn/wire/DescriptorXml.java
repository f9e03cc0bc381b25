package dev.firn.wire;

import dev.firn.model.DescriptorFileException;
import dev.firn.model.DescriptorFiles;
import dev.firn.model.SortedNames;
import dev.firn.model.XmlElement;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Descriptor files as elements, from the file system.
 *
 * <p>No document types and hence no entities of a file's own; sizes are limited.
 */
public final class DescriptorXml implements DescriptorFiles {
  private final XMLInputFactory factory;
  private final Limits limits;

  /**
   * What a file may take.
   *
   * @param depthMax elements within elements
   */
  public record Limits(long bytesMax, int elementsMax, int depthMax) {
    public static final Limits DEFAULT = new Limits(256L << 20, 5_000_000, 200);
  }

  public DescriptorXml(Limits limits) {
    this.limits = limits;
    factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    // Our own limit decides, with our message; newer JDKs have a lower one by default.
    factory.setProperty("jdk.xml.maxElementDepth", "0");
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("nothing is loaded from elsewhere");
        });
  }

  @Override
  public XmlElement read(String file) throws DescriptorFileException {
    try (InputStream in =
        new Limited(new BufferedInputStream(Files.newInputStream(Path.of(file))), limits)) {
      return new Reader(file, factory.createXMLStreamReader(in)).read();
    } catch (TooLargeException e) {
      throw tooLarge(file);
    } catch (IOException | InvalidPathException e) {
      throw new DescriptorFileException("unable to open file `" + file + "'");
    } catch (XMLStreamException e) {
      if (e.getNestedException() instanceof TooLargeException) {
        throw tooLarge(file);
      }
      throw malformed(file, e);
    }
  }

  private DescriptorFileException tooLarge(String file) {
    return new DescriptorFileException(
        "file `" + file + "' is larger than " + limits.bytesMax() + " bytes");
  }

  private static DescriptorFileException malformed(String file, XMLStreamException e) {
    if (e.getNestedException() instanceof IOException && e.getLocation() == null) {
      return new DescriptorFileException("unable to read file `" + file + "'");
    }
    String message = String.valueOf(e.getMessage());
    int start = message.indexOf("\nMessage: ");
    String problem = start < 0 ? message : message.substring(start + "\nMessage: ".length());
    Location at = e.getLocation();
    return new DescriptorFileException(
        file,
        at == null ? 1 : Math.max(1, at.getLineNumber()),
        at == null ? 1 : Math.max(1, at.getColumnNumber()),
        "not well-formed XML: " + problem.strip());
  }

  /** Reads one file. */
  private final class Reader {
    private final String file;
    private final XMLStreamReader xml;
    private final Deque<Open> open = new ArrayDeque<>();
    private int elements;

    Reader(String file, XMLStreamReader xml) {
      this.file = file;
      this.xml = xml;
    }

    XmlElement read() throws XMLStreamException, DescriptorFileException {
      open.push(new Open("", SortedNames.empty(), 1, 1));
      int before = XMLStreamConstants.START_DOCUMENT;
      while (xml.hasNext()) {
        // Where what came before ends is where what comes next begins; the end of text is only
        // known once the next character is read.
        Location end = xml.getLocation();
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT && elements == 0) {
          end = xml.getLocation(); // space before the root is passed over silently
        }
        int text = before == XMLStreamConstants.CHARACTERS ? 1 : 0;
        step(event, end.getLineNumber(), end.getColumnNumber() - text);
        before = event;
      }
      return open.pop().children.get(0);
    }

    private void step(int event, int line, int column) throws DescriptorFileException {
      switch (event) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (++elements > limits.elementsMax() || open.size() > limits.depthMax()) {
            throw error(line, column, "too many or too deep elements: " + limits);
          }
          open.push(new Open(xml.getLocalName(), attributes(), line, column));
        }
        case XMLStreamConstants.END_ELEMENT -> {
          XmlElement ended = open.pop().toElement(file);
          open.element().children.add(ended);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            open.element().text.append(xml.getText());
        case XMLStreamConstants.DTD ->
            throw error(line, column, "a document type (DOCTYPE) is not allowed");
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw error(line, column, "unknown entity `" + xml.getLocalName() + "'");
        default -> {
          // comments, processing instructions, space around the root, the end
        }
      }
    }

    private SortedMap<String, String> attributes() {
      SortedMap<String, String> attributes = new TreeMap<>(SortedNames.ORDER);
      for (int i = 0; i < xml.getAttributeCount(); i++) {
        attributes.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
      }
      return attributes;
    }

    private DescriptorFileException error(int line, int column, String problem) {
      return new DescriptorFileException(file, Math.max(1, line), Math.max(1, column), problem);
    }
  }

  /** An element whose end has not come. */
  private static final class Open {
    private final String name;
    private final SortedMap<String, String> attributes;
    private final int line;
    private final int column;
    private final List<XmlElement> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    Open(String name, SortedMap<String, String> attributes, int line, int column) {
      this.name = name;
      this.attributes = attributes;
      this.line = line;
      this.column = column;
    }

    XmlElement toElement(String file) {
      return new XmlElement(
          file,
          Math.max(1, line),
          Math.max(1, column),
          name,
          attributes,
          children,
          text.toString());
    }
  }

  /** Says why reading ended. */
  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Refuses to go on after so many bytes. */
  private static final class Limited extends FilterInputStream {
    private long left;

    Limited(InputStream in, Limits limits) {
      super(in);
      left = limits.bytesMax();
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count(Math.max(read, 0));
      return read;
    }

    private void count(int bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new TooLargeException();
      }
    }
  }
}
