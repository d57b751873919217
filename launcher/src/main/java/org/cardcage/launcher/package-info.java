/** Starts a framework with the bundles and the configuration of a system, and ends with its exit status. */
package org.cardcage.launcher;
