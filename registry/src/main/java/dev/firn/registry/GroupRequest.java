package dev.firn.registry;

import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.UnsupportedEncodingException;
import dev.firn.model.EncodedProxies;
import dev.firn.model.EncodedProxy;
import dev.firn.server.PlacementOutput;
import dev.firn.server.PlacementRequest;
import dev.firn.wire.Async;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one {@link PlacementRequest}: asks, starts, answers. Answers of nodes arrive on any
 * thread; the request is stepped by one at a time, and no call is made meanwhile.
 */
final class GroupRequest {
  /** A member that can be asked, in the policy's order. */
  record Member(int index, String adapterId, String node) {}

  /** What was located: the active members and their proxies, in the policy's order. */
  record Located(List<Member> members, List<EncodedProxy> proxies) {}

  private final AdapterCalls calls;
  private final NodeViews views;
  private final EncodingVersion encoding;
  private final List<Member> members;
  private final PlacementRequest request;
  private final @Nullable EncodedProxy[] proxies;
  private final @Nullable Throwable[] failures;
  private final CompletableFuture<Located> result = new CompletableFuture<>();

  GroupRequest(
      AdapterCalls calls,
      NodeViews views,
      EncodingVersion encoding,
      List<Member> members,
      int count) {
    this.calls = calls;
    this.views = views;
    this.encoding = encoding;
    this.members = members;
    request = new PlacementRequest(members.size(), count);
    proxies = new EncodedProxy[members.size()];
    failures = new Throwable[members.size()];
  }

  /**
   * To be called once.
   *
   * @return fails with the first failure of a member, if none can serve; with an
   *     IllegalStateException if there was none to ask
   */
  CompletableFuture<Located> run() {
    step(request::start);
    return result;
  }

  private void step(Supplier<List<PlacementOutput>> input) {
    List<PlacementOutput> outputs;
    synchronized (request) {
      outputs = input.get();
    }
    outputs.forEach(this::perform);
  }

  private void perform(PlacementOutput output) {
    if (output instanceof PlacementOutput.Ask ask) {
      ask(ask.member());
    } else if (output instanceof PlacementOutput.Activate activate) {
      activate(activate.member());
    } else if (output instanceof PlacementOutput.Answer answer) {
      answer(answer.members());
    } else if (output instanceof PlacementOutput.Fail fail) {
      fail.first()
          .ifPresentOrElse(
              first -> result.completeExceptionally(failure(first)),
              () -> result.completeExceptionally(new IllegalStateException("nobody to ask")));
    } else {
      throw new IllegalStateException("unknown output " + output);
    }
  }

  private void ask(int member) {
    Member asked = members.get(member);
    EncodedProxy known = views.activeProxy(asked.adapterId());
    if (known != null) {
      active(member, known);
      return;
    }
    boolean slow = calls.isSlow(asked.node());
    CompletableFuture<AdapterAnswer> answer = calls.ask(asked.adapterId(), asked.node());
    answer.thenAccept(said -> said(member, said));
    if (slow && !answer.isDone()) {
      step(() -> request.slow(member));
    } else if (!answer.isDone()) {
      calls.whenSlow(answer, () -> step(() -> request.slow(member)));
    }
  }

  private void said(int member, AdapterAnswer answer) {
    if (answer instanceof AdapterAnswer.Active active) {
      active(member, active.proxy());
    } else if (answer instanceof AdapterAnswer.Inactive) {
      step(() -> request.inactive(member));
    } else if (answer instanceof AdapterAnswer.Starting) {
      step(() -> request.starting(member));
    } else if (answer instanceof AdapterAnswer.Failed failed) {
      failed(member, failed.failure());
    } else {
      throw new IllegalStateException("unknown answer " + answer);
    }
  }

  private void activate(int member) {
    calls
        .activate(members.get(member).adapterId())
        .whenComplete(
            (proxy, failure) -> {
              if (failure == null) {
                active(member, proxy);
              } else {
                failed(member, Async.cause(failure));
              }
            });
  }

  private void active(int member, EncodedProxy proxy) {
    if (EncodedProxies.supports(proxy, encoding.major, encoding.minor)) {
      step(
          () -> {
            proxies[member] = proxy;
            return request.active(member);
          });
    } else {
      failed(member, new UnsupportedEncodingException());
    }
  }

  private void failed(int member, Throwable failure) {
    step(
        () -> {
          failures[member] = failure;
          return request.failed(member);
        });
  }

  private Throwable failure(int member) {
    synchronized (request) {
      Throwable failure = failures[member];
      return failure == null ? new IllegalStateException("no reason") : failure;
    }
  }

  private void answer(List<Integer> answer) {
    List<Member> active = new ArrayList<>();
    List<EncodedProxy> endpoints = new ArrayList<>();
    synchronized (request) {
      for (int member : answer) {
        EncodedProxy proxy = proxies[member];
        if (proxy == null) {
          throw new IllegalStateException("member " + member + " is active without a proxy");
        }
        active.add(members.get(member));
        endpoints.add(proxy);
      }
    }
    result.complete(new Located(active, endpoints));
  }
}
