package dev.sluice;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a module declares, the public types of its packages and their public members, one line each, in an order that
 * does not depend on the JVM.
 */
final class ApiListing {
    private final List<Class<?>> anchors;

    /** @param anchors a class of each package to list, all of one module */
    ApiListing(Class<?>... anchors) {
        this.anchors = List.of(anchors);
    }

    List<String> lines() throws IOException, URISyntaxException {
        List<String> lines = new ArrayList<>(module());
        for (Class<?> type : types()) {
            lines.add("");
            lines.add(declaration(type));
            Stream.of(constants(type), fields(type), constructors(type), methods(type))
                    .flatMap(members -> members)
                    .map(member -> "    " + member)
                    .forEach(lines::add);
        }
        return lines;
    }

    private List<String> module() throws IOException, URISyntaxException {
        try (InputStream file = Files.newInputStream(root().resolve("module-info.class"))) {
            ModuleDescriptor module = ModuleDescriptor.read(file);
            List<String> lines = new ArrayList<>(List.of("module " + module.name()));
            Stream.of(
                            // without the version that it was compiled against
                            module.requires().stream().map(each -> "requires " + modifiers(each) + each.name()),
                            module.exports().stream().map(each -> "exports " + each.source()),
                            module.opens().stream().map(each -> "opens " + each.source()),
                            module.uses().stream().map(each -> "uses " + each))
                    .flatMap(Stream::sorted)
                    .forEach(directive -> lines.add("    " + directive));
            return lines;
        }
    }

    private static String modifiers(ModuleDescriptor.Requires required) {
        return required.modifiers().stream()
                .map(each -> each.name().toLowerCase(Locale.ROOT) + " ")
                .sorted()
                .collect(Collectors.joining());
    }

    private Path root() throws URISyntaxException {
        return Path.of(anchors.get(0)
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    private List<Class<?>> types() throws IOException, URISyntaxException {
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> anchor : anchors) {
            types.addAll(types(anchor));
        }
        return types;
    }

    private List<Class<?>> types(Class<?> anchor) throws IOException, URISyntaxException {
        Path folder = root().resolve(anchor.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .<Class<?>>map(file -> load(anchor, file.substring(0, file.length() - ".class".length())))
                    .filter(ApiListing::reachable)
                    .sorted(Comparator.comparing(ApiListing::name))
                    .toList();
        }
    }

    private static Class<?> load(Class<?> anchor, String simpleName) {
        try {
            return Class.forName(anchor.getPackageName() + "." + simpleName, false, anchor.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError("its file is there", e);
        }
    }

    private static boolean reachable(@Nullable Class<?> type) {
        return type == null || (Modifier.isPublic(type.getModifiers()) && reachable(type.getEnclosingClass()));
    }

    private static String declaration(Class<?> type) {
        String functional = type.isAnnotationPresent(FunctionalInterface.class) ? "@FunctionalInterface " : "";
        String sealing = type.isSealed() ? "sealed " : isNonSealed(type) ? "non-sealed " : "";
        String kind = type.isEnum() ? "enum " : type.isInterface() ? "interface " : "class ";
        // what the language says of every enum and interface goes without saying
        int modifiers =
                type.isEnum() || type.isInterface() ? type.getModifiers() & Modifier.PUBLIC : type.getModifiers();
        String parents = type.isEnum()
                ? ""
                : join(type.isInterface() ? " extends " : " implements ", List.of(type.getGenericInterfaces()));
        String permitted = type.isSealed() ? join(" permits ", List.of(type.getPermittedSubclasses())) : "";
        return functional
                + words(modifiers)
                + sealing
                + kind
                + name(type)
                + parameters(type.getTypeParameters())
                + parents
                + permitted;
    }

    /** A sealed parent's child that is neither sealed nor final can only be this. */
    private static boolean isNonSealed(Class<?> type) {
        return !Modifier.isFinal(type.getModifiers())
                && Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed);
    }

    private static Stream<String> constants(Class<?> type) {
        return type.isEnum() ? Arrays.stream(type.getEnumConstants()).map(Object::toString) : Stream.empty();
    }

    private static Stream<String> fields(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> Modifier.isPublic(field.getModifiers()) && !field.isEnumConstant())
                .map(ApiListing::field)
                .sorted();
    }

    private static String field(Field field) {
        return words(field.getModifiers()) + typed(field.getAnnotatedType(), field.getGenericType()) + " "
                + field.getName();
    }

    private static Stream<String> constructors(Class<?> type) {
        return Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> Modifier.isPublic(constructor.getModifiers()))
                .map(ApiListing::constructor)
                .sorted();
    }

    private static String constructor(Constructor<?> constructor) {
        return words(constructor.getModifiers())
                + constructor.getDeclaringClass().getSimpleName()
                + signature(constructor);
    }

    private static Stream<String> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method ->
                        !(type.isEnum() && List.of("values", "valueOf").contains(method.getName())))
                .sorted((a, b) -> (a.getName() + signature(a)).compareTo(b.getName() + signature(b)))
                .map(ApiListing::method);
    }

    private static String method(Method method) {
        String ability = method.isDefault() ? "default " : "";
        String variables = parameters(method.getTypeParameters());
        return words(method.getModifiers()) + ability + (variables.isEmpty() ? "" : variables + " ")
                + typed(method.getAnnotatedReturnType(), method.getGenericReturnType()) + " " + method.getName()
                + signature(method);
    }

    private static String signature(Executable executable) {
        String arguments = Arrays.stream(executable.getParameters())
                .map(ApiListing::argument)
                .collect(Collectors.joining(", ", "(", ")"));
        return arguments + join(" throws ", List.of(executable.getGenericExceptionTypes()));
    }

    /** The last argument of a varargs method has dots for its brackets. */
    private static String argument(Parameter parameter) {
        String type = typed(parameter.getAnnotatedType(), parameter.getParameterizedType());
        return parameter.isVarArgs() ? type.replaceFirst("\\[]$", "...") : type;
    }

    private static String typed(AnnotatedElement annotated, Type type) {
        return (annotated.isAnnotationPresent(Nullable.class) ? "@Nullable " : "") + name(type);
    }

    private static String parameters(TypeVariable<?>[] variables) {
        if (variables.length == 0) {
            return "";
        }
        return Arrays.stream(variables)
                .map(each -> each.getName() + join(" extends ", List.of(each.getBounds())))
                .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String join(String before, List<? extends Type> types) {
        return types.isEmpty()
                ? ""
                : types.stream().map(ApiListing::name).collect(Collectors.joining(", ", before, ""));
    }

    /** Without the packages that everybody knows. */
    private static String name(Type type) {
        return type.getTypeName()
                .replace('$', '.')
                .replace("dev.sluice.", "")
                .replaceAll("java\\.(lang|util|time|net|io|util\\.function)\\.(?=[A-Z])", "");
    }

    /** Without what says how a member is made, not what it is. */
    private static String words(int modifiers) {
        int told = Modifier.PUBLIC | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;
        String words = Modifier.toString(modifiers & told);
        return words.isEmpty() ? "" : words + " ";
    }
}
