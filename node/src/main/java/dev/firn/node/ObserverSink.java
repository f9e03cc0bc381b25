package dev.firn.node;

import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.ServerDynamicInfo;
import java.util.concurrent.CompletionStage;

/** A registry that wants to know how servers and adapters are. Calls never block. */
interface ObserverSink {
  CompletionStage<Void> nodeUp(NodeDynamicInfo node);

  CompletionStage<Void> server(ServerDynamicInfo server);

  CompletionStage<Void> adapter(AdapterDynamicInfo adapter);
}
