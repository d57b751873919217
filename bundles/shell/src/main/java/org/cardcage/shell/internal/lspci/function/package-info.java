/** PCI functions as lspci sees them: their place, their configuration bytes, what a kernel knows, and the names of their ids. */
package org.cardcage.shell.internal.lspci.function;
