/** A driver that says which build of it runs. */
package org.cardcage.itests.labelled;
