/** Gogo commands. */
package org.cardcage.shell.internal;
