package dev.firn.systemtests;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs a class once per value. What its tests share is made by its {@link Initializer} method. */
abstract class Variants<T> implements ClassTemplateInvocationContextProvider {
  private final Function<Class<?>, Stream<T>> values;

  Variants(Supplier<Stream<T>> values) {
    this(test -> values.get());
  }

  /** With values that depend on the test class. */
  Variants(Function<Class<?>, Stream<T>> values) {
    this.values = values;
  }

  @Override
  public boolean supportsClassTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
      ExtensionContext context) {
    return values.apply(context.getRequiredTestClass()).map(value -> new Variant(value, new Lab()));
  }

  private record Variant(Object value, Lab lab)
      implements ClassTemplateInvocationContext,
          BeforeClassTemplateInvocationCallback,
          AfterClassTemplateInvocationCallback {
    @Override
    public String getDisplayName(int invocationIndex) {
      return value.toString();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public void beforeClassTemplateInvocation(ExtensionContext context) throws Exception {
      Method initializer =
          Arrays.stream(context.getRequiredTestClass().getDeclaredMethods())
              .filter(method -> method.isAnnotationPresent(Initializer.class))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("no @Initializer method"));
      Object[] arguments =
          Arrays.stream(initializer.getParameterTypes())
              .map(type -> type == Lab.class ? lab : value)
              .toArray();
      try {
        initializer.invoke(context.getRequiredTestInstance(), arguments);
      } catch (InvocationTargetException failed) {
        Evidence.print(context, failed.getTargetException());
        if (failed.getTargetException() instanceof Error error) {
          throw error;
        }
        throw (Exception) failed.getTargetException();
      }
    }

    @Override
    public void afterClassTemplateInvocation(ExtensionContext context) {
      lab.close();
    }
  }
}
