package dev.firn.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.IceGrid.IceBoxDescriptor;
import com.zeroc.IceGrid.LoadBalancingPolicy;
import com.zeroc.IceGrid.ServiceDescriptor;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.DefaultTemplates;
import dev.firn.model.DescriptorException;
import dev.firn.model.DescriptorFileException;
import dev.firn.model.DescriptorParser;
import dev.firn.model.NodeDescriptor;
import dev.firn.model.ParseLimits;
import dev.firn.model.SortedNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and descriptors that are meant to do harm, or were broken on their way. */
class HostileDescriptorTest {
  @TempDir Path directory;

  @Test
  void documentTypesAreRefusedAndLoadNothing() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    rejects(
            "<!DOCTYPE icegrid [<!ENTITY e SYSTEM \""
                + secret.toUri()
                + "\">]>"
                + "<icegrid><application name=\"&e;\"/></icegrid>")
        .hasMessageNotContaining("secret\n");
    StringBuilder bomb = new StringBuilder("<!DOCTYPE icegrid [<!ENTITY e0 \"lol\">");
    for (int i = 1; i < 30; i++) {
      bomb.append("<!ENTITY e" + i + " \"&e" + (i - 1) + ";&e" + (i - 1) + ";\">");
    }
    rejects(bomb + "]><icegrid><application name=\"&e29;\"/></icegrid>")
        .hasMessageContaining("DOCTYPE");
    rejects("<icegrid><application name=\"&e;\"/></icegrid>").hasMessageContaining("line 1");
  }

  @Test
  void filesThatAreNotXmlSayWhere() throws Exception {
    rejects("").hasMessageContaining("not well-formed");
    rejects("\u0000\u0001").hasMessageContaining("not well-formed");
    rejects("<icegrid>\n<application name='A'>\n</icegrid>").hasMessageContaining("line 3");
    rejects("<icegrid/><icegrid/>").hasMessageContaining("not well-formed");
    rejects("<other/>").hasMessageContaining("expected <icegrid>");
    rejects("<icegrid a='b'/>").hasMessageContaining("unknown attributes in <icegrid>: a");
    rejects("<icegrid/>").hasMessageContaining("no application descriptor");
    rejects("<icegrid><icegrid/></icegrid>").hasMessageContaining("root of a file");
    rejects("<icegrid><application name='A'/><application name='B'/></icegrid>")
        .hasMessageContaining("only one <application>");
  }

  @Test
  void includesThatComeBackAreAnError() throws Exception {
    Files.writeString(directory.resolve("b.xml"), "<icegrid><include file='./c.xml'/></icegrid>");
    Files.writeString(
        directory.resolve("c.xml"), "<icegrid>\n<include file='x/../b.xml'/></icegrid>");
    rejects("<icegrid><application name='A'><include file='b.xml'/></application></icegrid>")
        .hasMessageContaining("c.xml> descriptor, line 2, column 1:\ninclude cycle: ");
    rejects("<icegrid><include file='a.xml'/></icegrid>").hasMessageContaining("include cycle");
  }

  @Test
  void includesThatAreLinkedInACycleEnd() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), directory);
    // Whichever limit comes first, ours or the system's for links.
    rejects("<icegrid><include file='link/a.xml'/></icegrid>")
        .hasMessageMatching("(?s).*(nested more than|unable to open).*");
  }

  @Test
  void includesThatDoubleEachOtherAreAnError() throws Exception {
    for (int i = 0; i < 40; i++) {
      String include = "<include file='" + (i + 1) + ".xml'/>";
      Files.writeString(
          directory.resolve(i + ".xml"), "<icegrid>" + include + include + "</icegrid>");
    }
    Files.writeString(directory.resolve("40.xml"), "<icegrid/>");
    rejects("<icegrid><include file='0.xml'/></icegrid>").hasMessageContaining("includes");
  }

  @Test
  void deepAndHugeFilesAreRefused() throws Exception {
    rejects("<icegrid>" + "<target name='x'>".repeat(100_000)).hasMessageContaining("too deep");
    Path file = Files.writeString(directory.resolve("a.xml"), "<icegrid>" + " ".repeat(5000));
    assertThatThrownBy(
            () -> new DescriptorXml(new DescriptorXml.Limits(1000, 10, 10)).read(file + ""))
        .isInstanceOf(DescriptorFileException.class)
        .hasMessageContaining("larger than 1000 bytes");
    assertThatThrownBy(() -> new DescriptorXml(DescriptorXml.Limits.DEFAULT).read("/proc"))
        .isInstanceOf(DescriptorFileException.class)
        .hasMessageContaining("unable to read file");
    assertThatThrownBy(() -> new DescriptorXml(DescriptorXml.Limits.DEFAULT).read("a\u0000b"))
        .isInstanceOf(DescriptorFileException.class)
        .hasMessageContaining("unable to open file");
  }

  @Test
  void theEncodingOfAFileIsThatWhichItDeclares() throws Exception {
    String xml = "<icegrid><application name=\"ünï\"/></icegrid>";
    for (String encoding : List.of("UTF-8", "UTF-16", "ISO-8859-1")) {
      Path file = directory.resolve("a.xml");
      Files.write(
          file, ("<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" + xml).getBytes(encoding));
      assertThat(parse(file).name()).isEqualTo("ünï");
    }
  }

  @Test
  void descriptorsWithoutOrWithWrongMembersAreRefused() {
    var application = DescriptorWriter.application(ApplicationDescriptor.named("A"));
    var node = requireNonNull(DescriptorWriter.application(withNode()).nodes.get("n"));
    node.servers.add(null);
    application.nodes.put("n", node);
    refuses(application, "application `A':\nnode `n':\ninvalid server: its descriptor is null");
    application.nodes.clear();

    application.serverTemplates.put(
        "T", new com.zeroc.IceGrid.TemplateDescriptor(null, List.of(), Map.of()));
    refuses(application, "application `A':\ninvalid server template `T': definition is empty");
    application.serverTemplates.get("T").descriptor = new ServiceDescriptor();
    refuses(application, "expected a server");
    application.serverTemplates.clear();
    application.serviceTemplates.put(
        "T", new com.zeroc.IceGrid.TemplateDescriptor(new IceBoxDescriptor(), List.of(), Map.of()));
    refuses(application, "expected a service");
    application.serviceTemplates.clear();

    var group = new com.zeroc.IceGrid.ReplicaGroupDescriptor("G", null, "", List.of(), "", "");
    application.replicaGroups.add(group);
    refuses(application, "application `A':\nreplica group load balancing is not set");
    group.loadBalancing = new LoadBalancingPolicy("1");
    refuses(application, "expected random, ordered, round-robin or adaptive");
  }

  private static ApplicationDescriptor withNode() {
    return ApplicationDescriptor.named("A")
        .withNodes(SortedNames.copyOf(Map.of("n", NodeDescriptor.EMPTY)));
  }

  private static void refuses(com.zeroc.IceGrid.ApplicationDescriptor application, String reason) {
    assertThatThrownBy(() -> DescriptorReader.application(application))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining(reason);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> rejects(String xml) throws Exception {
    Path file = Files.writeString(directory.resolve("a.xml"), xml);
    return assertThatThrownBy(() -> parse(file)).isInstanceOf(DescriptorFileException.class);
  }

  private static ApplicationDescriptor parse(Path file) throws DescriptorFileException {
    return new DescriptorParser(
            new DescriptorXml(DescriptorXml.Limits.DEFAULT),
            DefaultTemplates.NONE,
            ParseLimits.DEFAULT)
        .parse(file.toString(), List.of(), Map.of());
  }
}
