package dev.ladera;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** What others provide to the api, found where the api was loaded and where this thread looks. */
final class Services {
  private Services() {}

  static <T> List<T> find(Class<T> service) {
    Map<Class<?>, T> found = new LinkedHashMap<>();
    add(found, service, service.getClassLoader());
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null && sees(context, service)) {
      add(found, service, context);
    }
    return List.copyOf(found.values());
  }

  private static <T> void add(Map<Class<?>, T> found, Class<T> service, ClassLoader loader) {
    for (T provider : ServiceLoader.load(service, loader)) {
      found.putIfAbsent(provider.getClass(), provider);
    }
  }

  /** A loader with another copy of the api, as in a web application, has nothing for this one. */
  private static boolean sees(ClassLoader loader, Class<?> service) {
    try {
      return Class.forName(service.getName(), false, loader) == service;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
