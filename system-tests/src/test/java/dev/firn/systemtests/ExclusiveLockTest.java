package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The exclusive lock of administrative sessions. */
@EachImplementation
class ExclusiveLockTest {
  private Lab lab;
  private RegistryProcess registry;
  private IceClient client;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    registry = lab.registry(implementation).start();
    client = lab.client();
  }

  @Test
  void theLockIsHeldByOneSession() {
    AdminSession first = client.adminSession(registry, "anna");
    AdminSession second = client.adminSession(registry, "bert");
    long serial = first.session().call("startUpdate").number();
    assertThat(serial).isZero();
    assertThat(first.session().call("startUpdate").number()).isEqualTo(serial);

    IceFailure refused = second.session().failure("startUpdate");
    assertThat(refused.type()).isEqualTo("IceGrid.AccessDeniedException");
    assertThat(refused.field("lockUserId").text()).isEqualTo("anna");
    assertThat(second.session().failure("finishUpdate").type())
        .isEqualTo("IceGrid.AccessDeniedException");

    first.session().call("finishUpdate");
    second.session().call("startUpdate");
    second.session().call("finishUpdate");
    first.destroy();
    second.destroy();
  }

  @Test
  void finishingWithoutTheLockIsDeniedByNobody() {
    AdminSession session = client.adminSession(registry);
    IceFailure failure = session.session().failure("finishUpdate");
    assertThat(failure.type()).isEqualTo("IceGrid.AccessDeniedException");
    assertThat(failure.field("lockUserId").text()).isEmpty();
    session.destroy();
  }

  @Test
  void applicationOperationsRespectTheLockAndOthersDoNot() {
    AdminSession holder = client.adminSession(registry, "holder");
    AdminSession other = client.adminSession(registry, "other");
    holder.session().call("startUpdate");
    IceFailure denied = other.admin().failure("removeApplication", "none");
    assertThat(denied.type()).isEqualTo("IceGrid.AccessDeniedException");
    assertThat(denied.field("lockUserId").text()).isEqualTo("holder");
    assertThat(holder.admin().failure("removeApplication", "none").type())
        .isEqualTo("IceGrid.ApplicationNotExistException");
    other.addObject("unlocked:tcp -h 127.0.0.1 -p 1", "::A");
    other.removeObject("unlocked");
    holder.destroy();
    other.destroy();
  }

  @Test
  void theEndOfASessionReleasesItsLock() {
    AdminSession holder = client.adminSession(registry, "holder");
    holder.session().call("startUpdate");
    holder.destroy();

    IceClient vanishing = lab.client();
    AdminSession lost = vanishing.adminSession(registry, "lost");
    lost.session().call("startUpdate");
    lost.session().connection("abort");

    AdminSession next = client.adminSession(registry, "next");
    Await.asserted(() -> next.session().call("startUpdate"));
    next.destroy();
  }
}
