/** A driver that does what a test wants. */
package org.cardcage.itests.puppet;
