/** The commands, written against system calls, the PCI bus, kmod and the log; nothing here knows Gogo. */
package org.cardcage.shell.internal.command;
