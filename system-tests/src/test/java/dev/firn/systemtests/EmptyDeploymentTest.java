package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a registry without applications and nodes answers about them, and what it tells about
 * itself.
 */
@EachImplementation
class EmptyDeploymentTest {
  private Lab lab;
  private RegistryProcess registry;
  private IceClient client;
  private Remote admin;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    registry = lab.registry(implementation).start();
    client = lab.client("Ice.Default.Locator=" + registry.locatorProxy());
    admin = client.adminSession(registry).admin();
  }

  @Test
  void listsAreEmpty() {
    for (String operation :
        List.of(
            "getAllApplicationNames", "getAllServerIds", "getAllNodeNames", "getAllAdapterIds")) {
      assertThat(admin.call(operation).items()).as(operation).isEmpty();
    }
  }

  @Test
  void applicationsAreUnknown() {
    for (String operation : List.of("getApplicationInfo", "removeApplication")) {
      IceFailure failure = admin.failure(operation, "app");
      assertThat(failure.type()).isEqualTo("IceGrid.ApplicationNotExistException");
      assertThat(failure.field("name").text()).isEqualTo("app");
    }
    assertThat(admin.failure("patchApplication", "app", true).type())
        .isEqualTo("IceGrid.ApplicationNotExistException");
  }

  @Test
  void serversAreUnknown() {
    for (String operation :
        List.of(
            "getServerInfo",
            "getServerState",
            "getServerPid",
            "isServerEnabled",
            "startServer",
            "stopServer",
            "getServerAdmin")) {
      IceFailure failure = admin.failure(operation, "srv");
      assertThat(failure.type()).as(operation).isEqualTo("IceGrid.ServerNotExistException");
      assertThat(failure.field("id").text()).isEqualTo("srv");
    }
    assertThat(admin.failure("enableServer", "srv", true).type())
        .isEqualTo("IceGrid.ServerNotExistException");
    assertThat(admin.failure("sendSignal", "srv", "SIGTERM").type())
        .isEqualTo("IceGrid.ServerNotExistException");
    assertThat(admin.failure("patchServer", "srv", true).type())
        .isEqualTo("IceGrid.ServerNotExistException");
  }

  @Test
  void nodesAreUnknown() {
    for (String operation :
        List.of(
            "pingNode",
            "getNodeLoad",
            "getNodeInfo",
            "getNodeAdmin",
            "getNodeProcessorSocketCount",
            "shutdownNode",
            "getNodeHostname")) {
      assertThat(admin.failure(operation, "node").type())
          .as(operation)
          .isEqualTo("IceGrid.NodeNotExistException");
    }
  }

  @Test
  void thereAreNoDefaultTemplates() {
    IceFailure failure = admin.failure("getDefaultApplicationDescriptor");
    assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
    assertThat(failure.reason())
        .isEqualTo(
            "no default templates configured, you need to set IceGrid.Registry.DefaultTemplates in the IceGrid"
                + " registry configuration.");
  }

  @Test
  void theServerAdminCategoryIsTold() {
    assertThat(admin.call("getServerAdminCategory").text())
        .isEqualTo("IceGrid-RegistryServerAdminRouter");
  }

  @Test
  void theRegistryTellsAboutItself() {
    assertThat(admin.call("getAllRegistryNames").texts()).containsExactly("Master");
    assertThat(admin.call("pingRegistry", "Master").bool()).isTrue();
    Json info = admin.call("getRegistryInfo", "Master");
    assertThat(info.get("name").text()).isEqualTo("Master");
    assertThat(info.get("hostname").text())
        .isEqualTo(lab.succeeding("/usr/bin/uname", "-n").trim());
  }

  @Test
  void otherRegistriesAreUnknown() {
    for (String operation :
        List.of("pingRegistry", "getRegistryInfo", "getRegistryAdmin", "shutdownRegistry")) {
      IceFailure failure = admin.failure(operation, "Other");
      assertThat(failure.type()).as(operation).isEqualTo("IceGrid.RegistryNotExistException");
    }
  }

  @Test
  void checksumsCanBeAskedFor() {
    // The reference's Debian packages are built without checksums and answer with an empty
    // dictionary.
    assertThat(admin.call("getSliceChecksums").isNull()).isFalse();
  }
}
