package dev.firn.storm;

import com.zeroc.Ice.Current;
import com.zeroc.IceStorm.EventData;
import com.zeroc.IceStorm.TopicLink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The end of the links that lead to a topic. */
final class LinkServant implements TopicLink {
  private final EventSink sink;
  private final PublishGate gate;

  /**
   * @param sink where events go that came over a link
   */
  LinkServant(EventSink sink, PublishGate gate) {
    this.sink = sink;
    this.gate = gate;
  }

  @Override
  public CompletionStage<Void> forwardAsync(EventData[] events, Current current) {
    List<CompletableFuture<Void>> later = new ArrayList<>();
    for (EventData data : events) {
      Event event = Event.of(data.op, data.mode, data.context, data.data);
      CompletableFuture<Void> published = gate.pass(event, sink);
      if (published != null) {
        later.add(published);
      }
    }
    return CompletableFuture.allOf(later.toArray(CompletableFuture[]::new));
  }
}
