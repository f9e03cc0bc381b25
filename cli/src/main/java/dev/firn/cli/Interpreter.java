package dev.firn.cli;

import java.util.List;

/** Understands one command and has it executed. */
interface Interpreter {

  /** Executes a command; false if it was the one to leave the program. */
  boolean execute(List<Token> words) throws InterruptedException;

  /** Shows from now on how commands are understood. */
  void trace();
}
