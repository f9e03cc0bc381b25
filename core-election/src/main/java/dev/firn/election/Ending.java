package dev.firn.election;

/** What happens when a call ends; one of the two, once. */
interface Ending {
  void answered(Answer answer);

  void failed(Input.Failure failure, String reason);
}
