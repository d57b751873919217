/** The commands as Gogo functions, and the sessions in which lines are executed. */
package org.cardcage.shell.internal.gogo;
