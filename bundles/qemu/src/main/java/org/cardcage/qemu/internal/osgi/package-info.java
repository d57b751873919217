/** The thin edge: a configuration makes a machine. */
package org.cardcage.qemu.internal.osgi;
