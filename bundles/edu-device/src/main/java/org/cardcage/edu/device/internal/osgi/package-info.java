/** The thin edge: a configuration makes a card. */
package org.cardcage.edu.device.internal.osgi;
