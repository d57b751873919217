package org.cardcage.kernel.kobject;

/** What a directory of {@code /sys} has under a name. */
public sealed interface KObjectEntry permits KObject, AttributeFile, KObjectLink {}
