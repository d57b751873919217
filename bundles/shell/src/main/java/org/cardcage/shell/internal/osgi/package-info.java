/** The thin edge: commands as services, and the shell that the launcher's command line asks for. */
package org.cardcage.shell.internal.osgi;
