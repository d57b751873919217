/** A driver that fails on demand. */
package org.cardcage.itests.faulty;
