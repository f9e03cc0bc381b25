package dev.firn.bench;

import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectPrx;
import java.util.concurrent.CompletableFuture;

/** The two lookups under load. */
enum Operation {
  FIND_ADAPTER_BY_ID("findAdapterById") {
    @Override
    ObjectPrx call(LocatorPrx locator, Dataset data, int index) throws Exception {
      return locator.findAdapterById(data.adapterId(index));
    }

    @Override
    CompletableFuture<ObjectPrx> callAsync(LocatorPrx locator, Dataset data, int index) {
      return locator.findAdapterByIdAsync(data.adapterId(index));
    }
  },
  FIND_OBJECT_BY_ID("findObjectById") {
    @Override
    ObjectPrx call(LocatorPrx locator, Dataset data, int index) throws Exception {
      return locator.findObjectById(data.objectId(index));
    }

    @Override
    CompletableFuture<ObjectPrx> callAsync(LocatorPrx locator, Dataset data, int index) {
      return locator.findObjectByIdAsync(data.objectId(index));
    }
  };

  private final String sliceName;

  Operation(String sliceName) {
    this.sliceName = sliceName;
  }

  /** The operation's name in Slice. */
  String sliceName() {
    return sliceName;
  }

  abstract ObjectPrx call(LocatorPrx locator, Dataset data, int index) throws Exception;

  abstract CompletableFuture<ObjectPrx> callAsync(LocatorPrx locator, Dataset data, int index);
}
