package org.cardcage.kernel.module;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;

/**
 * A parameter that {@code insmod} takes (Linux {@code module_param}). It becomes a {@code cardcage.module.parameter}
 * capability of the bundle; the value comes through {@link ModuleParameters}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(ModuleParameter.List.class)
@Capability(namespace = ModuleParameter.NAMESPACE)
public @interface ModuleParameter {

    /** Namespace of the capability. */
    String NAMESPACE = "cardcage.module.parameter";

    /** The parameter's name. */
    @Attribute("cardcage.module.parameter")
    String name();

    /** One of {@code int}, {@code bool} and {@code charp}, as in Linux. */
    @Attribute("type")
    String type();

    /** The value where {@code insmod} says nothing, in the form that it takes. */
    @Attribute("value")
    String value();

    /** What it does, in one line. */
    @Attribute("description")
    String description();

    /** Several parameters of one module. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface List {
        ModuleParameter[] value();
    }
}
