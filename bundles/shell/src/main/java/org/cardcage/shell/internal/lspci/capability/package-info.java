/** Text of capabilities: one class per family, registers as tables of bits. */
package org.cardcage.shell.internal.lspci.capability;
