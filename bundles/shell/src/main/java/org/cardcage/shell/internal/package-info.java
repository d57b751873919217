/** The shell; its parts are in the packages below, since nothing of it is exported. */
package org.cardcage.shell.internal;
