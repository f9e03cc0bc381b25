package dev.firn.storm;

import com.zeroc.Ice.Logger;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what is logged: {@code warning: text}, {@code Category: text} and so on. */
final class RecordingStormLogger implements Logger {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  List<String> lines() {
    return lines;
  }

  @Override
  public void print(String message) {
    lines.add(message);
  }

  @Override
  public void trace(String category, String message) {
    lines.add(category + ": " + message);
  }

  @Override
  public void warning(String message) {
    lines.add("warning: " + message);
  }

  @Override
  public void error(String message) {
    lines.add("error: " + message);
  }

  @Override
  public String getPrefix() {
    return "";
  }

  @Override
  public Logger cloneWithPrefix(String prefix) {
    return this;
  }
}
