package dev.firn.model;

/** What is left of an expansion's limits; owned by the one expansion that spends it. */
final class ExpansionBudget {
  private final ExpansionLimits limits;
  private long charsLeft;

  ExpansionBudget(ExpansionLimits limits) {
    this.limits = limits;
    charsLeft = limits.totalCharsMax();
  }

  ExpansionLimits limits() {
    return limits;
  }

  void spendChars(int chars) throws DescriptorException {
    charsLeft -= chars;
    if (charsLeft < 0) {
      throw new DescriptorException(
          "the values of the application take more than "
              + limits.totalCharsMax()
              + " characters once variables are replaced");
    }
  }

  void checkProperties(int count) throws DescriptorException {
    if (count > limits.propertiesMax()) {
      throw new DescriptorException(
          "more than "
              + limits.propertiesMax()
              + " properties once references to property sets are replaced");
    }
  }
}
