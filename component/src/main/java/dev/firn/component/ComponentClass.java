package dev.firn.component;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The class of a developer's component, by its name. */
final class ComponentClass {
  private ComponentClass() {}

  /** The loader of a thread's context, which a container may have set, or that of the class. */
  static ClassLoader loader(Class<?> caller) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? caller.getClassLoader() : context;
  }

  /**
   * A loader with more to load from.
   *
   * @param path of jars and directories, separated as in a class path
   * @throws SettingsException there is none of them
   */
  static ClassLoader loader(ClassLoader parent, String path) {
    List<URL> urls = new ArrayList<>();
    for (String each : path.split(File.pathSeparator, -1)) {
      if (each.isEmpty()) {
        continue;
      }
      if (!Files.exists(Path.of(each))) {
        throw new SettingsException("there is no " + each + ", which --classpath names");
      }
      try {
        urls.add(Path.of(each).toUri().toURL());
      } catch (MalformedURLException e) {
        throw new SettingsException("cannot load from " + each + ": " + e.getMessage());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), parent);
  }

  /**
   * Makes a component.
   *
   * @throws SettingsException the class is not there, is none, or cannot be made
   */
  static ReplicatedComponent create(String name, ClassLoader loader) {
    try {
      return Class.forName(name, true, loader)
          .asSubclass(ReplicatedComponent.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ClassNotFoundException e) {
      throw new SettingsException("there is no class " + name + "; name its jars in --classpath");
    } catch (ClassCastException e) {
      throw new SettingsException(
          "class " + name + " is no " + ReplicatedComponent.class.getName());
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw new SettingsException(
          "class " + name + " must be public, with a public constructor without arguments");
    } catch (InvocationTargetException | LinkageError e) {
      throw new SettingsException(
          "cannot make a " + name + ": " + (e.getCause() == null ? e : e.getCause()));
    }
  }
}
