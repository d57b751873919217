package org.cardcage.pci;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;

/**
 * An entry of the annotated driver's id table (Linux {@code MODULE_DEVICE_TABLE}). It becomes a {@code cardcage.pci.id}
 * capability of the bundle, so that tools read the table without loading a class; {@link PciDriver#idTable} reads the same
 * annotation. The members are those of {@link PciDeviceId}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(PciId.List.class)
@Capability(namespace = PciId.NAMESPACE)
public @interface PciId {

    /** Namespace of the capability. */
    String NAMESPACE = "cardcage.pci.id";

    @Attribute("vendor")
    int vendor() default PciDeviceId.ANY;

    @Attribute("device")
    int device() default PciDeviceId.ANY;

    @Attribute("subvendor")
    int subvendor() default PciDeviceId.ANY;

    @Attribute("subdevice")
    int subdevice() default PciDeviceId.ANY;

    @Attribute("class")
    int classCode() default 0;

    @Attribute("class_mask")
    int classMask() default 0;

    @Attribute("driver_data")
    long driverData() default 0;

    /** Several entries of one driver, tried in order. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface List {
        PciId[] value();
    }
}
