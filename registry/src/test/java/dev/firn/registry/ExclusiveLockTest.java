package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.IceGrid.AccessDeniedException;
import org.junit.jupiter.api.Test;

class ExclusiveLockTest {
  private final ExclusiveLock lock = new ExclusiveLock();

  @Test
  void twoSessionsOfOneUserAreTwoHolders() throws Exception {
    ExclusiveLock.Holder first = lock.holder("alice");
    ExclusiveLock.Holder second = lock.holder("alice");

    first.acquire();

    assertThatThrownBy(second::acquire)
        .isInstanceOfSatisfying(
            AccessDeniedException.class, ex -> assertThat(ex.lockUserId).isEqualTo("alice"));
    assertThatThrownBy(second::check).isInstanceOf(AccessDeniedException.class);
    assertThat(second.releaseIfHeld()).isFalse();
    first.check();
    assertThat(first.releaseIfHeld()).isTrue();
    second.acquire();
  }

  @Test
  void whoDoesNotHoldItCannotGiveItBack() {
    assertThatThrownBy(lock.holder("alice")::release)
        .isInstanceOfSatisfying(
            AccessDeniedException.class, ex -> assertThat(ex.lockUserId).isEmpty());
  }
}
