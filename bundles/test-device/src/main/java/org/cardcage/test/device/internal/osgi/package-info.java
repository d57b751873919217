/** The thin edge: a configuration makes a function. */
package org.cardcage.test.device.internal.osgi;
