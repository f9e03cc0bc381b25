package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;

/** An administrative session and its Admin object. */
record AdminSession(Remote session, Remote admin) {

  static AdminSession of(IceClient client, Json session) {
    Remote remote = client.at("IceGrid.AdminSession", session);
    return new AdminSession(remote, client.at("IceGrid.Admin", remote.call("getAdmin")));
  }

  void addObject(String proxy, String type) {
    admin.call("addObjectWithType", proxyOf(proxy), type);
  }

  void removeObject(String identity) {
    admin.call("removeObject", identityOf(identity));
  }

  Json objectInfo(String identity) {
    return admin.call("getObjectInfo", identityOf(identity));
  }

  void destroy() {
    session.call("destroy");
  }
}
