/** What {@code lspci} prints, without knowledge of where the functions come from. */
package org.cardcage.shell.internal.lspci;
