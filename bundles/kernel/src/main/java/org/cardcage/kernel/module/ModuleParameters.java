package org.cardcage.kernel.module;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The present values of a module's parameters. A driver takes it as a service with the property {@code module=NAME}, or
 * makes one in a test. Values may change while the module is loaded; a driver reads a value when it needs it.
 *
 * <p>Threads: any.
 */
public final class ModuleParameters {

    private final Map<String, String> types;
    private final Map<String, Object> values = new ConcurrentHashMap<>();

    private ModuleParameters(Map<String, String> types) {
        this.types = Map.copyOf(types);
    }

    /**
     * Parameters with their types and their first values in text form.
     *
     * @param types name → type; see {@link ModuleParameter#type}
     * @param texts name → text of the value
     * @throws org.cardcage.kernel.KernelException EINVAL or ERANGE as {@link #set}
     */
    public static ModuleParameters of(Map<String, String> types, Map<String, String> texts) {
        ModuleParameters parameters = new ModuleParameters(types);
        texts.forEach(parameters::set);
        return parameters;
    }

    /**
     * The parameters that {@code annotated} declares with {@link ModuleParameter}, with their default values except where
     * {@code texts} says otherwise; what {@code insmod} does, for a test without a framework.
     */
    public static ModuleParameters of(Class<?> annotated, Map<String, String> texts) {
        Map<String, String> types = new HashMap<>();
        Map<String, String> all = new HashMap<>();
        Arrays.stream(annotated.getAnnotationsByType(ModuleParameter.class)).forEach(p -> {
            types.put(p.name(), p.type());
            all.put(p.name(), p.value());
        });
        all.putAll(texts);
        return of(types, all);
    }

    /** Whether there is a parameter of this name. */
    public boolean has(String name) {
        return types.containsKey(name);
    }

    /**
     * Sets a value from text (Linux {@code param_set_int} and its like).
     *
     * @param text a number in C notation for int; y, n, 1, 0, on or off for bool; anything for charp; null if the name
     *     stood without {@code =}, which means true for a bool
     * @throws org.cardcage.kernel.KernelException EINVAL if the text is no value of the type or there is no such
     *     parameter, ERANGE if a number does not fit
     */
    public void set(String name, String text) {
        values.put(name, ParameterType.of(name, types.get(name)).parse(name, text));
    }

    /** The present value of an int parameter. */
    public int intValue(String name) {
        return (Integer) values.get(name);
    }

    /** The present value of a bool parameter. */
    public boolean booleanValue(String name) {
        return (Boolean) values.get(name);
    }

    /** The present value of a parameter of any type, as text: a bool is Y or N. */
    public String text(String name) {
        Object value = values.get(name);
        return value instanceof Boolean b ? (b ? "Y" : "N") : String.valueOf(value);
    }
}
