/** The thin edge: a configuration makes a function. */
package org.cardcage.passive.device.internal.osgi;
