package org.cardcage.kernel.module;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;

/**
 * Makes the bundle of the annotated class a kernel module (Linux {@code MODULE_DESCRIPTION}, {@code MODULE_LICENSE} …). It
 * becomes a {@code cardcage.module} capability of the bundle, so that tools read it without loading a class.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Capability(namespace = Module.NAMESPACE)
public @interface Module {

    /** Namespace of the capability. */
    String NAMESPACE = "cardcage.module";

    /** The module's name, as {@code lsmod} shows it: letters, digits and underscores. */
    @Attribute("cardcage.module")
    String name();

    /** What it is for, in one line. */
    @Attribute("description")
    String description();

    /** An SPDX licence expression. */
    @Attribute("license")
    String license();
}
